import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SrtpOpener, SrtpSealer } from './srtp.ts';

const master = { key: Buffer.alloc(16, 3), salt: Buffer.alloc(12, 5) };

describe('SRTP with AES-128-GCM', () => {
  it('opens what it sealed, with the same count of rollovers only', () => {
    const header = Buffer.from('90600007000000010000abcdbede000110300000', 'hex');
    const sealed = new SrtpSealer(master).sealRtp(header, Buffer.from('potluck'), 1);
    const opener = new SrtpOpener(master);
    assert.equal(opener.openRtp(sealed, 1).toString(), 'potluck');
    assert.throws(() => opener.openRtp(sealed, 0));
    sealed.writeUInt8(sealed.readUInt8(sealed.length - 1) ^ 1, sealed.length - 1);
    assert.throws(() => opener.openRtp(sealed, 1));
  });

  it('numbers RTCP packets and carries the number along', () => {
    const packet = Buffer.from('80c9000100000001', 'hex');
    const sealer = new SrtpSealer(master);
    const sealed = [sealer.sealRtcp(packet), sealer.sealRtcp(packet)];
    assert.deepEqual(
      sealed.map((one) => one.subarray(-4).toString('hex')),
      ['80000000', '80000001'],
    );
    for (const one of sealed) assert.deepEqual(new SrtpOpener(master).openRtcp(one), packet);
  });
});
