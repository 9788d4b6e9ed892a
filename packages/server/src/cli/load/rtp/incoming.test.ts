import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pictures } from '../media/recorded.ts';
import { packetize } from '../media/vp8.ts';
import { IncomingStream } from './incoming.ts';

const [key, inter] = [true, false].map(
  (isKey) =>
    packetize(isKey ? pictures[0]!.key : pictures[0]!.inter, { pictureId: 1, tl0PicIdx: 1, temporalLayer: 0 })[0]!,
);

type Sent = { sequence: number; timestamp?: number; marker?: boolean; payload?: Buffer | undefined };

function packetOf({ sequence, timestamp = 0, marker = true, payload = inter }: Sent): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(0x80, 0);
  header.writeUInt8(marker ? 0x80 : 0, 1);
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(timestamp, 4);
  return Buffer.concat([header, payload ?? Buffer.alloc(0)]);
}

const open = (packet: Buffer): Buffer => packet.subarray(12);
const openStream = (kind: 'audio' | 'video') =>
  new IncomingStream({ ssrc: 1, kind, clockRate: kind === 'audio' ? 48_000 : 90_000, openEvery: 1 });

describe('IncomingStream', () => {
  it('computes jitter as RFC 3550 A.8 does: a sixteenth of each difference', () => {
    const stream = openStream('audio');
    stream.take(packetOf({ sequence: 1, timestamp: 0 }), open, 1_000);
    stream.take(packetOf({ sequence: 2, timestamp: 960 }), open, 1_020);
    assert.equal(stream.jitterMs, 0);
    // 16 ms later than it should.
    stream.take(packetOf({ sequence: 3, timestamp: 1_920 }), open, 1_056);
    assert.equal(stream.jitterMs, 1);
    // That much early, seen from the one before.
    stream.take(packetOf({ sequence: 4, timestamp: 2_880 }), open, 1_060);
    assert.ok(Math.abs(stream.jitterMs - (1 + (16 - 1) / 16)) < 1e-9);
  });

  it('asks for what is missing, again after a while, and gives it up at last', () => {
    const stream = openStream('audio');
    for (const sequence of [65_534, 65_535, 2]) stream.take(packetOf({ sequence }), open, 0);
    assert.deepEqual(stream.overdue(0), [0, 1]);
    assert.deepEqual(stream.overdue(10), []);
    stream.take(packetOf({ sequence: 1 }), open, 20);
    assert.deepEqual(stream.overdue(70), [0]);
    assert.deepEqual(stream.overdue(700), []);
    assert.deepEqual(
      { ...stream.counts, octets: 0, opened: 0 },
      { packets: 4, octets: 0, lost: 1, recovered: 1, opened: 0, forged: 0 },
    );
    const block = stream.reportBlock(1_000);
    assert.deepEqual([block?.totalLost, block?.fractionLost, block?.highestSequence], [1, 51, 65_538]);
  });

  it('shows frames that are whole and follow a key frame', () => {
    const stream = openStream('video');
    stream.take(packetOf({ sequence: 1, payload: inter }), open, 0);
    assert.equal(stream.frames?.frames, 0);
    stream.take(packetOf({ sequence: 2, payload: key, marker: false }), open, 40);
    stream.take(packetOf({ sequence: 4, payload: inter, marker: true }), open, 41);
    assert.equal(stream.frames?.frames, 0);
    stream.take(packetOf({ sequence: 3, payload: inter, marker: false }), open, 50);
    assert.equal(stream.frames?.frames, 1);
    assert.equal(stream.frames?.firstFrameAt, 50);
    stream.take(packetOf({ sequence: 5 }), open, 80);
    assert.equal(stream.frames?.frames, 2);
  });

  it('shows nothing after a lost packet until the next key frame', () => {
    const stream = openStream('video');
    stream.take(packetOf({ sequence: 1, payload: key }), open, 0);
    stream.take(packetOf({ sequence: 3 }), open, 40);
    stream.overdue(40);
    stream.overdue(700);
    assert.equal(stream.frames?.wantsKey, true);
    stream.take(packetOf({ sequence: 4 }), open, 710);
    assert.equal(stream.frames?.frames, 1);
    stream.take(packetOf({ sequence: 5, payload: key }), open, 740);
    assert.deepEqual([stream.frames?.frames, stream.frames?.wantsKey], [2, false]);
  });

  it('counts a freeze when a picture stands still for longer than three frames and 150 ms', () => {
    const stream = openStream('video');
    for (let frame = 0; frame < 30; frame++) {
      stream.take(packetOf({ sequence: frame, payload: frame === 0 ? key : inter }), open, frame * 40);
    }
    assert.equal(stream.frames?.freezes, 0);
    assert.equal(stream.frames?.frozenFor(29 * 40 + 180), 0);
    assert.equal(stream.frames?.frozenFor(29 * 40 + 200), 200);
    stream.take(packetOf({ sequence: 30 }), open, 29 * 40 + 300);
    assert.deepEqual([stream.frames?.freezes, stream.frames?.frozenMs], [1, 300]);
  });

  it('counts what it cannot open', () => {
    const stream = openStream('audio');
    stream.take(
      packetOf({ sequence: 1 }),
      () => {
        throw new Error('wrong tag');
      },
      0,
    );
    assert.deepEqual([stream.counts.opened, stream.counts.forged], [0, 1]);
  });
});
