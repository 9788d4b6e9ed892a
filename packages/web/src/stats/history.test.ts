import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PeerId, StreamStats } from '@potluck/client';
import { historyLength, noHistory, record, type CallHistory } from './history.ts';
import { Readings } from './readings.ts';

const stream = (change: Partial<StreamStats>): StreamStats => ({
  direction: 'receive',
  peerId: 'a' as PeerId,
  source: 'camera',
  kind: 'video',
  codec: 'VP8',
  bitrate: 1000,
  loss: 0,
  roundTripTime: undefined,
  jitter: undefined,
  framesPerSecond: 30,
  width: 640,
  height: 360,
  limitedBy: undefined,
  ...change,
});

describe('record', () => {
  it('keeps a line per stream and the totals per direction', () => {
    let history: CallHistory = noHistory;
    history = record(history, [stream({}), stream({ direction: 'send', bitrate: 5 })]);
    history = record(history, [stream({ bitrate: 2000 })]);
    assert.deepEqual(history.received, [1000, 2000]);
    assert.deepEqual(history.sent, [5, 0]);
    assert.equal(history.streams.length, 1);
    assert.deepEqual(
      history.streams[0]!.readings.map(({ bitrate }) => bitrate),
      [1000, 2000],
    );
  });

  it('remembers no more than a minute of readings', () => {
    let history: CallHistory = noHistory;
    for (let index = 0; index < historyLength + 5; index++) history = record(history, [stream({})]);
    assert.equal(history.received.length, historyLength);
    assert.equal(history.streams[0]!.readings.length, historyLength);
  });
});

describe('Readings', () => {
  it('goes on after a reading that failed and stops when closed', async () => {
    let calls = 0;
    const enough = Promise.withResolvers<void>();
    const readings = new Readings(async () => {
      if (++calls === 3) enough.resolve();
      if (calls === 1) throw new Error('between two paths');
      return [stream({})];
    }, 1);
    readings.start();
    await enough.promise;
    readings.close();
    assert.ok(readings.history.get().received.length >= 1);
  });
});
