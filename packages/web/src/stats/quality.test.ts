import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ParticipantState, ProducerId, RemoteTrackState } from '@potluck/client';
import { ownQuality, remoteQuality } from './quality.ts';

const video = (change: Partial<RemoteTrackState> = {}): RemoteTrackState => ({
  producerId: 'p' as ProducerId,
  source: 'camera',
  kind: 'video',
  paused: false,
  track: {} as MediaStreamTrack,
  score: { own: 10, producer: 10 },
  layers: undefined,
  ...change,
});
const cause = (
  change: Partial<RemoteTrackState>,
  stream: Partial<{ loss: number; framesPerSecond: number; height: number | undefined }> = {},
  rest: { connection?: ParticipantState['connection']; shownHeight?: number; downlink?: number } = {},
) =>
  remoteQuality({
    participant: { connection: rest.connection ?? 'connected', tracks: [video(change)] },
    source: 'camera',
    stream: { loss: 0, framesPerSecond: 30, height: 720, ...stream },
    shownHeight: rest.shownHeight ?? 500,
    downlink: rest.downlink,
  });

describe('remoteQuality', () => {
  it('finds nothing wrong with a good picture', () => {
    assert.deepEqual(cause({}), { level: 'good', cause: 'none' });
  });

  it('names the lost connection first', () => {
    assert.equal(cause({ paused: true }, {}, { connection: 'reconnecting' }).cause, 'theirConnection');
  });

  it('knows a paused camera from a bad line', () => {
    assert.deepEqual(cause({ paused: true }), { level: 'good', cause: 'paused' });
  });

  it('blames the sender for what the server got badly', () => {
    assert.deepEqual(cause({ score: { own: 3, producer: 6 } }), { level: 'fair', cause: 'theirUpload' });
    assert.deepEqual(cause({ score: { own: 3, producer: 2 } }), { level: 'poor', cause: 'theirUpload' });
  });

  it('blames the own line for what is lost on it', () => {
    assert.deepEqual(cause({ score: { own: 6, producer: 10 } }), { level: 'fair', cause: 'yourDownload' });
    assert.deepEqual(cause({}, { loss: 0.2 }), { level: 'poor', cause: 'yourDownload' });
  });

  it('blames the computer of the sender for few frames on a clean line', () => {
    assert.equal(cause({}, { framesPerSecond: 6 }).cause, 'theirCamera');
  });

  it('explains a small picture by the size of its tile', () => {
    assert.deepEqual(cause({}, { height: 180 }, { shownHeight: 120 }), { level: 'good', cause: 'small' });
  });

  it('explains a coarse picture on a large tile by the bandwidth', () => {
    assert.equal(cause({}, { height: 180 }, { downlink: 300_000 }).cause, 'yourDownload');
    assert.equal(cause({}, { height: 180 }, { downlink: 5_000_000 }).cause, 'theirUpload');
  });

  it('waits for the first picture', () => {
    assert.equal(cause({ track: undefined }).level, 'unknown');
    assert.deepEqual(cause({}, { height: undefined }), { level: 'poor', cause: 'unknown' });
    assert.deepEqual(cause({}, { height: undefined }, { downlink: 90_000 }), { level: 'poor', cause: 'yourDownload' });
  });
});

describe('ownQuality', () => {
  it('tells a busy computer from a slow line', () => {
    assert.equal(ownQuality({ limitedBy: 'cpu', loss: 0 }).cause, 'yourComputer');
    assert.equal(ownQuality({ limitedBy: 'bandwidth', loss: 0 }).cause, 'yourUpload');
    assert.equal(ownQuality({ limitedBy: 'none', loss: 0 }).cause, 'none');
  });
});
