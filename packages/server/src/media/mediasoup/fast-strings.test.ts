import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { installFastStrings, writingAscii, type StringBuilder } from './fast-strings.ts';

type Builder = StringBuilder & { clear(): void; finish(offset: number): void; asUint8Array(): Uint8Array };
type Flatbuffers = { Builder: new (size: number) => Builder };

/** As the package has it: another copy than the one that is changed. */
function untouched(): Flatbuffers['Builder'] {
  const load = createRequire(createRequire(import.meta.url).resolve('mediasoup'));
  const path = load.resolve('flatbuffers');
  const inUse = Object.keys(load.cache).filter((name) => name.includes('flatbuffers'));
  const kept = inUse.map((name) => [name, load.cache[name]] as const);
  for (const name of inUse) delete load.cache[name];
  const { Builder } = load(path) as Flatbuffers;
  for (const [name, module] of kept) load.cache[name] = module;
  return Builder;
}

describe('writingAscii', () => {
  it('writes the same bytes as the builder itself, of whatever text', () => {
    const Plain = untouched();
    class Fast extends Plain {}
    Fast.prototype.createString = writingAscii(Plain.prototype.createString as StringBuilder['createString']);
    // Small, so that it must grow in the middle.
    const [plain, fast] = [new Plain(8), new Fast(8)];
    const texts = fc.array(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant(undefined)), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(texts, (all) => {
        const written = [plain, fast].map((builder) => {
          builder.clear();
          const offsets = all.map((text) => builder.createString(text));
          builder.finish(builder.createString('end'));
          return [offsets, Buffer.from(builder.asUint8Array()).toString('hex')];
        });
        assert.deepEqual(written[1], written[0]);
      }),
    );
  });

  it('takes the place of the builder’s own, once', () => {
    assert.equal(installFastStrings(), true);
    const load = createRequire(createRequire(import.meta.url).resolve('mediasoup'));
    const { Builder } = load('flatbuffers') as Flatbuffers;
    const { createString } = Builder.prototype as StringBuilder;
    assert.equal(createString.name, 'createAsciiString');
    installFastStrings();
    assert.equal((Builder.prototype as StringBuilder).createString, createString);
  });
});
