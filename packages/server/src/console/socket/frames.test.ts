import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeFrame, FrameReader, frameTypes } from './frames.ts';

describe('FrameReader', () => {
  it('puts frames together however they are cut', () => {
    const frames = fc.array(fc.tuple(fc.constantFrom(...Object.values(frameTypes)), fc.uint8Array({ maxLength: 50 })));
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 30 }), (list, step) => {
        const bytes = Buffer.concat(list.map(([type, payload]) => encodeFrame(type, payload)));
        const reader = new FrameReader();
        const read = Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) =>
          [...reader.read(bytes.subarray(index * step, (index + 1) * step))].map(({ type, payload }) => [
            type,
            Uint8Array.from(payload),
          ]),
        ).flat();
        assert.deepEqual(read, list);
      }),
    );
  });

  it('refuses what is no frame', () => {
    assert.throws(() => [...new FrameReader().read(Buffer.from('GET / HTTP/1.1'))], /unknown frame type 71/);
    assert.throws(() => [...new FrameReader().read(Buffer.from([2, 255, 255, 255, 255]))], /too large/);
  });
});
