/**
 * Encrypts and decrypts single encoded frames, in the manner of SFrame (RFC 9605) with the header at the end: what the
 * server needs to forward a frame stays readable, and is authenticated.
 *
 *     clear start | AES-128-GCM ciphertext and tag | stream id (8) | counter (4) | version (1)
 *
 * Every sending stream has a key of its own, made of the room's and its random stream id; its counter is the nonce.
 */

const version = 1;
const streamIdBytes = 8;
const trailerBytes = streamIdBytes + 4 + 1;
const tagBytes = 16;
const counterMax = 2 ** 32 - 1;
const keysMax = 64;
/** How far back a frame may come after a newer one: the server switches between simulcast streams. */
const replayWindow = 512;

export type FrameKind = 'audio' | 'video';

/** The key that all frame keys of a room are made of. What the same words give differs from room to room. */
export async function deriveRoomKey(secret: string, roomId: string): Promise<CryptoKey> {
  const text = new TextEncoder();
  const words = await crypto.subtle.importKey('raw', text.encode(secret), 'PBKDF2', false, ['deriveBits']);
  const salt = text.encode(`potluck frames ${version} ${roomId}`);
  const bits = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: 210_000 },
    words,
    256,
  );
  return crypto.subtle.importKey('raw', bits, 'HKDF', false, ['deriveKey']);
}

const frameKey = (
  room: CryptoKey,
  streamId: Uint8Array<ArrayBuffer>,
  usage: 'encrypt' | 'decrypt',
): Promise<CryptoKey> =>
  crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: streamId, info: new TextEncoder().encode('frame key') },
    room,
    { name: 'AES-GCM', length: 128 },
    false,
    [usage],
  );

/**
 * What must stay readable: the table-of-contents byte of Opus (RFC 6716 §3.1), and of VP8 the frame tag, with start
 * code and size in key frames (RFC 6386 §9.1), by which servers and packetizers know a key frame.
 */
function clearBytes(frame: Uint8Array, kind: FrameKind): number {
  const wanted = kind === 'audio' ? 1 : ((frame[0] ?? 0) & 1) === 0 ? 10 : 3;
  return Math.min(wanted, frame.length);
}

/** Encrypts the frames of one sending stream. */
export class FrameSealer {
  readonly #room: CryptoKey;
  readonly #kind: FrameKind;
  #streamId = new Uint8Array(streamIdBytes);
  #key: Promise<CryptoKey> | undefined;
  #counter = counterMax;

  constructor(room: CryptoKey, kind: FrameKind) {
    this.#room = room;
    this.#kind = kind;
  }

  async seal(frame: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const counter = this.#next();
    const { streamId, key } = { streamId: this.#streamId, key: await this.#key };
    if (key === undefined) throw new Error('no frame key');
    const clear = clearBytes(frame, this.#kind);
    const trailer = new Uint8Array(trailerBytes);
    trailer.set(streamId);
    new DataView(trailer.buffer).setUint32(streamIdBytes, counter);
    trailer[trailerBytes - 1] = version;
    const body = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv: nonceOf(counter), additionalData: joined(frame.subarray(0, clear), trailer) },
      key,
      frame.subarray(clear),
    );
    return joined(frame.subarray(0, clear), new Uint8Array(body), trailer);
  }

  /** A nonce is never used twice under one key. */
  #next(): number {
    if (this.#counter >= counterMax) {
      this.#streamId = crypto.getRandomValues(new Uint8Array(streamIdBytes));
      this.#key = frameKey(this.#room, this.#streamId, 'encrypt');
      this.#counter = -1;
    }
    this.#counter += 1;
    return this.#counter;
  }
}

/**
 * What became of a received frame. `repeated`: it was opened before, or is far older than what was; a network that stalls
 * brings frames twice, for they were asked for again. `locked`: not encrypted with the room's key, or changed on the way.
 */
export type OpenedFrame =
  | { readonly kind: 'opened'; readonly frame: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'repeated' }
  | { readonly kind: 'locked' };

/** Decrypts what comes on one receiving stream. */
export class FrameOpener {
  readonly #room: CryptoKey;
  readonly #kind: FrameKind;
  readonly #keys = new Map<string, Promise<CryptoKey>>();
  readonly #seen = new Map<string, { highest: number; recent: Set<number> }>();

  constructor(room: CryptoKey, kind: FrameKind) {
    this.#room = room;
    this.#kind = kind;
  }

  async open(frame: Uint8Array<ArrayBuffer>): Promise<OpenedFrame> {
    const clear = clearBytes(frame, this.#kind);
    const bodyEnd = frame.length - trailerBytes;
    if (bodyEnd < clear + tagBytes || frame.at(-1) !== version) return { kind: 'locked' };
    const trailer = frame.slice(bodyEnd);
    const streamId = trailer.slice(0, streamIdBytes);
    const counter = new DataView(trailer.buffer).getUint32(streamIdBytes);
    const name = streamId.join();
    if (this.#isReplay(name, counter)) return { kind: 'repeated' };
    try {
      const body = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: nonceOf(counter), additionalData: joined(frame.subarray(0, clear), trailer) },
        await this.#key(name, streamId),
        frame.subarray(clear, bodyEnd),
      );
      this.#note(name, counter);
      return { kind: 'opened', frame: joined(frame.subarray(0, clear), new Uint8Array(body)) };
    } catch {
      return { kind: 'locked' };
    }
  }

  #key(name: string, streamId: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const [oldest] = this.#keys.keys();
    if (oldest !== undefined && this.#keys.size >= keysMax) {
      this.#keys.delete(oldest);
      this.#seen.delete(oldest);
    }
    const key = frameKey(this.#room, streamId, 'decrypt');
    this.#keys.set(name, key);
    return key;
  }

  #isReplay(name: string, counter: number): boolean {
    const seen = this.#seen.get(name);
    return seen !== undefined && (counter <= seen.highest - replayWindow || seen.recent.has(counter));
  }

  #note(name: string, counter: number): void {
    const seen = this.#seen.get(name) ?? { highest: counter, recent: new Set<number>() };
    this.#seen.set(name, seen);
    seen.highest = Math.max(seen.highest, counter);
    seen.recent.add(counter);
    for (const old of seen.recent) {
      if (old > seen.highest - replayWindow) break;
      seen.recent.delete(old);
    }
  }
}

function nonceOf(counter: number): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(8, counter);
  return nonce;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
