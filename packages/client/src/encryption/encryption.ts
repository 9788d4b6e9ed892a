import { AppError, Emitter } from '@potluck/kernel';
import type { EncryptionOptions } from '../api.ts';
import { deriveRoomKey, type FrameKind } from './sealing.ts';
import type { FrameReport, TransformOptions } from './worker.ts';

/** Absent in older browsers; `lib.dom` does not have it yet everywhere. */
type ScriptTransform = new (worker: Worker, options: TransformOptions) => object;

/** End-to-end encryption of what one call sends and receives: the server forwards what it cannot read. */
export class Encryption {
  readonly events = new Emitter<{ reported: [id: string, opened: boolean] }>();
  readonly #options: EncryptionOptions;
  readonly #roomId: string;
  #preparing: Promise<void> | undefined;
  #closed = false;
  #ready: { worker: Worker; roomKey: CryptoKey; Transform: ScriptTransform } | undefined;

  constructor(options: EncryptionOptions, roomId: string) {
    this.#options = options;
    this.#roomId = roomId;
  }

  /** To be awaited before anything is sent. Rejects with `unsupported` where frames cannot be encrypted. */
  prepare(): Promise<void> {
    this.#preparing ??= this.#prepare();
    return this.#preparing;
  }

  async #prepare(): Promise<void> {
    const Transform = (globalThis as { RTCRtpScriptTransform?: ScriptTransform }).RTCRtpScriptTransform;
    if (Transform === undefined || globalThis.crypto?.subtle === undefined) {
      throw new AppError('unsupported', 'this browser cannot encrypt calls end to end');
    }
    const roomKey = await deriveRoomKey(this.#options.key, this.#roomId);
    if (this.#closed) throw new AppError('unavailable', 'the call has ended');
    const worker = this.#options.worker();
    worker.addEventListener('message', ({ data }: MessageEvent<FrameReport>) =>
      this.events.emit('reported', data.id, data.opened),
    );
    this.#ready = { worker, roomKey, Transform };
  }

  seal(sender: RTCRtpSender, kind: FrameKind): void {
    this.#attach(sender, { operation: 'seal', kind, id: '' });
  }

  open(receiver: RTCRtpReceiver, kind: FrameKind, id: string): void {
    this.#attach(receiver, { operation: 'open', kind, id });
  }

  close(): void {
    this.#closed = true;
    this.#ready?.worker.terminate();
    this.#ready = undefined;
  }

  #attach(end: RTCRtpSender | RTCRtpReceiver, options: Omit<TransformOptions, 'roomKey'>): void {
    if (this.#ready === undefined) throw new AppError('internal', 'a stream before its encryption');
    const { worker, roomKey, Transform } = this.#ready;
    Object.assign(end, { transform: new Transform(worker, { ...options, roomKey }) });
  }
}
