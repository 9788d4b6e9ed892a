import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { deriveRoomKey, FrameOpener, FrameSealer, type FrameKind } from './sealing.ts';

const frameOf = (length: number, first = 0) =>
  Uint8Array.from({ length }, (_, index) => (index === 0 ? first : index % 251));

describe('frames that are encrypted end to end', () => {
  let key: CryptoKey;
  let wrong: CryptoKey;
  let elsewhere: CryptoKey;
  before(async () => {
    [key, wrong, elsewhere] = await Promise.all([
      deriveRoomKey('soup', 'kitchen'),
      deriveRoomKey('soap', 'kitchen'),
      deriveRoomKey('soup', 'cellar'),
    ]);
  });

  const cases: readonly (readonly [string, FrameKind, Uint8Array<ArrayBuffer>, number])[] = [
    ['a VP8 key frame', 'video', frameOf(5000, 0x10), 10],
    ['a VP8 delta frame', 'video', frameOf(500, 0x11), 3],
    ['Opus', 'audio', frameOf(80, 0x78), 1],
    ['one byte', 'audio', frameOf(1), 1],
  ];
  for (const [what, kind, frame, clear] of cases) {
    it(`carries ${what}, of which ${clear} bytes stay readable`, async () => {
      const sealed = await new FrameSealer(key, kind).seal(frame);
      assert.equal(sealed.length, frame.length + 29);
      assert.deepEqual(sealed.subarray(0, clear), frame.subarray(0, clear));
      if (frame.length > 30) assert.ok(!Buffer.from(sealed).includes(Buffer.from(frame.subarray(clear, clear + 8))));
      assert.deepEqual(await new FrameOpener(key, kind).open(sealed), { kind: 'opened', frame });
    });
  }

  it('opens nothing with other words, of another room, or of nobody’s', async () => {
    const sealed = await new FrameSealer(key, 'audio').seal(frameOf(50));
    assert.deepEqual(await new FrameOpener(wrong, 'audio').open(sealed), { kind: 'locked' });
    assert.deepEqual(await new FrameOpener(elsewhere, 'audio').open(sealed), { kind: 'locked' });
    for (const length of [0, 1, 29, 30, 500])
      assert.deepEqual(await new FrameOpener(key, 'audio').open(frameOf(length)), { kind: 'locked' });
  });

  it('opens nothing that was changed on the way, wherever', async () => {
    const sealed = await new FrameSealer(key, 'video').seal(frameOf(40, 1));
    for (let at = 0; at < sealed.length; at++) {
      const bent = sealed.slice();
      bent[at] = (bent[at] ?? 0) ^ 0x40;
      assert.deepEqual(await new FrameOpener(key, 'video').open(bent), { kind: 'locked' }, `byte ${at}`);
    }
  });

  it('opens nothing twice, and nothing very old', async () => {
    const sealer = new FrameSealer(key, 'audio');
    const opener = new FrameOpener(key, 'audio');
    const sealed: Uint8Array<ArrayBuffer>[] = [];
    for (let n = 0; n < 600; n++) sealed.push(await sealer.seal(frameOf(20)));
    const outcome = async (index: number) => (await opener.open(sealed[index]!)).kind;
    assert.equal(await outcome(1), 'opened');
    assert.equal(await outcome(1), 'repeated');
    assert.equal(await outcome(599), 'opened');
    assert.equal(await outcome(598), 'opened');
    assert.equal(await outcome(2), 'repeated');
  });

  it('never encrypts two frames alike', async () => {
    const sealer = new FrameSealer(key, 'audio');
    const [a, b, c] = [
      await sealer.seal(frameOf(20)),
      await sealer.seal(frameOf(20)),
      await new FrameSealer(key, 'audio').seal(frameOf(20)),
    ];
    assert.notDeepEqual(a, b);
    assert.notDeepEqual(a, c);
  });
});
