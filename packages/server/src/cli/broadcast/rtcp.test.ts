import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goodbye, isRtcp, pictureLoss, receiverReport, SequenceWatch } from './rtcp.ts';

const rtp = (sequence: number) => {
  const packet = Buffer.alloc(12);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(101, 1);
  packet.writeUInt16BE(sequence, 2);
  return packet;
};

describe('RTCP', () => {
  it('is told from RTP', () => {
    for (const packet of [receiverReport(1), pictureLoss(1, 2), goodbye(2)]) assert.equal(isRtcp(packet), true);
    assert.equal(isRtcp(rtp(7)), false);
    const marked = rtp(7);
    marked.writeUInt8(101 | 0x80, 1);
    assert.equal(isRtcp(marked), false);
  });

  it('asks for a key frame as RFC 4585 writes it, after a report', () => {
    assert.equal(pictureLoss(0x01020304, 0x0a0b0c0d).toString('hex'), '80c900010102030481ce0002010203040a0b0c0d');
  });

  it('says goodbye in more than the twelve bytes below which ffmpeg does not look', () => {
    assert.equal(goodbye(0x0a0b0c0d).toString('hex'), '80c900010a0b0c0d81cb00010a0b0c0d');
  });
});

describe('SequenceWatch', () => {
  const missing = (...sequences: number[]) => {
    const watch = new SequenceWatch();
    return sequences.map((sequence) => watch.received(rtp(sequence)));
  };

  it('counts what was skipped, also where the numbers begin anew', () => {
    assert.deepEqual(missing(5, 6, 9, 10), [0, 0, 2, 0]);
    assert.deepEqual(missing(65_534, 65_535, 0, 2), [0, 0, 0, 1]);
  });

  it('does not count late and repeated packets', () => {
    assert.deepEqual(missing(5, 7, 6, 7, 8), [0, 1, 0, 0, 0]);
  });
});
