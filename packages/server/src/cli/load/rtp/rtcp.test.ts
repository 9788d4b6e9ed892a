import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absSendTime, encodeExtensions, findExtension } from './extensions.ts';
import { genericNack, pictureLoss, readRtcp, receiverReport, senderReport } from './rtcp.ts';
import { FeedbackWriter } from './transport-feedback.ts';

/** Bytes in the groups that the fields make. */
const hex = (groups: string): string => groups.replaceAll(' ', '');

describe('RTCP', () => {
  it('asks for a picture and for packets as RFC 4585 says, and understands it', () => {
    const compound = Buffer.concat([pictureLoss(1, 0x99), genericNack(1, 0x77, [65_535, 0, 16, 40])]);
    assert.deepEqual(readRtcp(compound), [
      { kind: 'keyFrameWanted', ssrc: 0x99 },
      {
        kind: 'nack',
        ssrc: 0x77,
        sequences: [65_535, 0, 16, 40],
      },
    ]);
  });

  it('understands a FIR', () => {
    const fir = Buffer.from('84ce000400000001000000000000009901000000', 'hex');
    assert.deepEqual(readRtcp(fir), [{ kind: 'keyFrameWanted', ssrc: 0x99 }]);
  });

  it('reports with the time of the last sender report, and leaves out what is cut off', () => {
    const report = senderReport(5, Date.UTC(2036, 0, 1), 90_000, 3, 300);
    const [heard] = readRtcp(report);
    assert.ok(heard?.kind === 'senderReport' && heard.ssrc === 5 && heard.middle === report.readUInt32BE(10));
    assert.deepEqual(readRtcp(report.subarray(0, 20)), []);
    const block = {
      ssrc: 5,
      fractionLost: 128,
      totalLost: 4,
      highestSequence: 70_000,
      jitter: 12.4,
      lastReport: 6,
      delay: 7,
    };
    assert.equal(
      receiverReport(1, [block]).toString('hex'),
      hex('81c90007 00000001 00000005 80000004 00011170 0000000c 00000006 00000007'),
    );
  });
});

describe('header extensions', () => {
  it('are written in one byte form, padded, and found again', () => {
    const block = encodeExtensions([
      [1, Buffer.from('0')],
      [undefined, Buffer.from('not negotiated')],
      [4, absSendTime(1_500)],
    ]);
    assert.equal(block.toString('hex'), hex('bede0002 1030 42060000 0000'));
    const packet = Buffer.concat([Buffer.from('90600001', 'hex'), Buffer.alloc(8), block, Buffer.from('payload')]);
    assert.equal(findExtension(packet, 4), 12 + 4 + 3);
    assert.equal(findExtension(packet, 5), undefined);
    assert.equal(encodeExtensions([[undefined, Buffer.from('x')]]).length, 0);
  });
});

describe('FeedbackWriter', () => {
  it('tells when each packet came, and which did not, across the wrap of the numbers', () => {
    const writer = new FeedbackWriter();
    assert.equal(writer.write(1, 2), undefined);
    writer.note(65_534, 128);
    writer.note(65_535, 130);
    writer.note(1, 228);
    const packet = writer.write(1, 2);
    assert.equal(packet?.subarray(12).toString('hex'), hex('fffe 0004 000002 00 d480 00 08 0188 0000'));
    writer.note(2, 229);
    // Goes on where it ended, with the next number of its own.
    assert.equal(writer.write(1, 2)?.subarray(12, 20).toString('hex'), hex('0002 0001 000003 01'));
  });
});
