import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pictures } from './recorded.ts';
import { FrameCounter, maxPayload, packetize, startsKeyFrame } from './vp8.ts';

describe('packetize', () => {
  const numbers = { pictureId: 0x1234, tl0PicIdx: 7, temporalLayer: 2 };

  it('writes the descriptor of RFC 7741 before each part, and only the first says that a frame starts', () => {
    const [first, second, ...rest] = packetize(Buffer.alloc(2_000, 1), numbers);
    // X, N (nothing refers to it), S; I, L, T; 15 bits of picture id; TL0PICIDX; temporal layer 2 that can be joined.
    assert.deepEqual(first?.subarray(0, 6), Buffer.from([0xb0, 0xe0, 0x92, 0x34, 7, 0xa0]));
    assert.deepEqual(second?.subarray(0, 6), Buffer.from([0xa0, 0xe0, 0x92, 0x34, 7, 0xa0]));
    assert.equal(rest.length, 0);
  });

  it('loses no byte and makes no packet too long, whatever the length', () => {
    for (const length of [1, 1_143, 1_144, 1_145, 20_000]) {
      const frame = Buffer.from(Array.from({ length }, (_, index) => index & 0xff));
      const payloads = packetize(frame, numbers);
      assert.ok(payloads.every((payload) => payload.length <= maxPayload));
      assert.deepEqual(Buffer.concat(payloads.map((payload) => payload.subarray(6))), frame);
    }
  });
});

describe('startsKeyFrame', () => {
  const numbers = { pictureId: 1, tl0PicIdx: 1, temporalLayer: 0 };

  it('tells the first packet of a recorded key frame from all others', () => {
    for (const { key, inter } of pictures) {
      const payloads = packetize(Buffer.concat([key, Buffer.alloc(3_000)]), numbers);
      assert.deepEqual(payloads.map(startsKeyFrame), [true, ...payloads.slice(1).map(() => false)]);
      assert.deepEqual(packetize(inter, numbers).map(startsKeyFrame), [false]);
    }
    assert.equal(startsKeyFrame(Buffer.alloc(0)), false);
  });
});

describe('FrameCounter', () => {
  it('counts pictures, and base layer pictures, in a pattern of three temporal layers', () => {
    const counter = new FrameCounter({ pictureId: 0x7ffe, tl0PicIdx: 255 });
    const frames = [true, false, false, false, false, true].map((key) => counter.next(key));
    assert.deepEqual(
      frames.map(({ temporalLayer }) => temporalLayer),
      [0, 2, 1, 2, 0, 0],
    );
    assert.deepEqual(
      frames.map(({ pictureId }) => pictureId),
      [0x7fff, 0, 1, 2, 3, 4],
    );
    assert.deepEqual(
      frames.map(({ tl0PicIdx }) => tl0PicIdx),
      [0, 0, 0, 0, 1, 2],
    );
  });
});
