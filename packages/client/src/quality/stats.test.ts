import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PeerId } from '@potluck/protocol';
import { readStream, summarize, type Stat } from './stats.ts';

const id = { peerId: PeerId.parse('anna'), source: 'camera', kind: 'video' } as const;
const reportOf = (...stats: Stat[]) => new Map(stats.map((stat) => [stat.id, stat]));

describe('readStream', () => {
  it('adds up the layers of a sent video and takes loss and round trip from what the far end reports', () => {
    const low: Stat = {
      type: 'outbound-rtp',
      id: 'low',
      bytesSent: 1000,
      frameWidth: 320,
      frameHeight: 180,
      codecId: 'c',
    };
    const high: Stat = {
      type: 'outbound-rtp',
      id: 'high',
      bytesSent: 9000,
      frameWidth: 1280,
      frameHeight: 720,
      framesPerSecond: 30,
      qualityLimitationReason: 'cpu',
    };
    const remote: Stat = {
      type: 'remote-inbound-rtp',
      id: 'r',
      localId: 'high',
      fractionLost: 0.1,
      roundTripTime: 0.05,
      jitter: 0.002,
    };
    const codec: Stat = { type: 'codec', id: 'c', mimeType: 'video/VP8' };
    const before = { at: 1000, bytes: 5000, lost: 0, packets: 0, frames: 0 };
    const { stats, totals } = readStream(
      { ...id, direction: 'send' },
      [low, high],
      reportOf(low, high, remote, codec),
      2000,
      before,
    );
    assert.equal(totals.bytes, 10_000);
    assert.deepEqual(stats, {
      ...id,
      direction: 'send',
      codec: 'VP8',
      bitrate: 40_000,
      loss: 0.1,
      roundTripTime: 50,
      jitter: 2,
      framesPerSecond: 30,
      width: 1280,
      height: 720,
      limitedBy: 'cpu',
    });
  });

  it('counts loss since the reading before, and never below zero', () => {
    const read = (packetsLost: number, packetsReceived: number) => {
      const rtp: Stat = { type: 'inbound-rtp', id: 'i', bytesReceived: 0, packetsLost, packetsReceived };
      const before = { at: 0, bytes: 0, lost: 10, packets: 100, frames: 0 };
      return readStream({ ...id, direction: 'receive' }, [rtp], reportOf(rtp), 1000, before).stats.loss;
    };
    assert.equal(read(20, 190), 0.1);
    assert.equal(read(5, 190), 0);
  });

  it('gives no rates at the first reading', () => {
    const rtp: Stat = { type: 'inbound-rtp', id: 'i', bytesReceived: 1_000_000 };
    const { stats } = readStream({ ...id, direction: 'receive' }, [rtp], reportOf(rtp), 1000, undefined);
    assert.deepEqual([stats.bitrate, stats.framesPerSecond, stats.codec], [0, 0, undefined]);
  });
});

describe('summarize', () => {
  it('adds bitrates and weighs loss by them', () => {
    const stream = (bitrate: number, loss: number) => {
      const { stats } = readStream({ ...id, direction: 'receive' }, [], new Map(), 0, undefined);
      return { ...stats, bitrate, loss };
    };
    assert.deepEqual(summarize([stream(3000, 0), stream(1000, 0.2)]), {
      send: { bitrate: 0, loss: 0 },
      receive: { bitrate: 4000, loss: 0.05 },
      roundTripTime: undefined,
    });
  });
});
