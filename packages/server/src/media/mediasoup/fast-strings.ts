import { createRequire } from 'node:module';

/** What this needs of the builder that mediasoup writes its requests with (flatbuffers). */
export type StringBuilder = {
  /** Where the next byte goes before; the buffer is filled from its end. */
  space: number;
  bb: { bytes(): Uint8Array; setPosition(position: number): void };
  addInt8(value: number): void;
  startVector(size: number, count: number, alignment: number): void;
  endVector(): number;
  createString(text: unknown): number;
};

/**
 * A request that makes a consumer holds some sixty short texts, and each goes through a TextEncoder into an array of its own: a
 * fourteenth of all that a storm of joins leaves for the garbage collector. Here ASCII is written where it belongs. Where
 * the builder is not found, or looks different, everything stays as it is.
 */
export function installFastStrings(): boolean {
  const fromHere = createRequire(import.meta.url);
  try {
    const found: unknown = createRequire(fromHere.resolve('mediasoup'))('flatbuffers');
    if (!isFlatbuffers(found)) return false;
    const { prototype } = found.Builder;
    if (!installed.has(prototype.createString)) {
      prototype.createString = writingAscii(prototype.createString);
      installed.add(prototype.createString);
    }
    return true;
  } catch {
    return false;
  }
}

const installed = new WeakSet<StringBuilder['createString']>();

/** Does what `createString` does; asks it for all that is no ASCII text. */
export function writingAscii(createString: StringBuilder['createString']): StringBuilder['createString'] {
  return function createAsciiString(this: StringBuilder, text: unknown) {
    if (typeof text !== 'string' || !isAscii(text)) return createString.call(this, text);
    this.addInt8(0);
    // May put another buffer in place of a full one.
    this.startVector(1, text.length, 1);
    this.space -= text.length;
    this.bb.setPosition(this.space);
    const bytes = this.bb.bytes();
    for (let at = 0; at < text.length; at++) bytes[this.space + at] = text.charCodeAt(at);
    return this.endVector();
  };
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

const members = ['addInt8', 'startVector', 'endVector', 'createString'];
const isFlatbuffers = (found: unknown): found is { Builder: { prototype: StringBuilder } } => {
  if (typeof found !== 'object' || found === null || !('Builder' in found)) return false;
  const { Builder } = found;
  if (typeof Builder !== 'function') return false;
  const own = new Set(Object.getOwnPropertyNames(Builder.prototype));
  return members.every((name) => own.has(name));
};
