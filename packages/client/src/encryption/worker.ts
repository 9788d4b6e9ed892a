import { FrameOpener, FrameSealer, type FrameKind } from './sealing.ts';

/** What a transform is for: made by the page, used in the worker. */
export type TransformOptions = {
  readonly operation: 'seal' | 'open';
  readonly kind: FrameKind;
  readonly roomKey: CryptoKey;
  /** Names the stream in reports. */
  readonly id: string;
};

/** Whether the frames of a received stream can be opened; told when it changes. */
export type FrameReport = { readonly id: string; readonly opened: boolean };

type EncodedFrame = { data: ArrayBuffer };
type Transformer = {
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
  readonly options: TransformOptions;
};
/** The part of DedicatedWorkerGlobalScope (W3C WebRTC Encoded Transform §3) that is used here. */
export type TransformScope = {
  onrtctransform: ((event: { readonly transformer: Transformer }) => void) | null;
  postMessage(report: FrameReport): void;
};

/** So many frames in a row that cannot be opened, about a second of them, are no accident. */
const lockedAfter = 30;

/** The whole program of the worker that `encryption.worker` makes: call it with `self`. */
export function serveFrameTransforms(scope: TransformScope): void {
  scope.onrtctransform = ({ transformer: { readable, writable, options } }) => {
    const { operation, kind, roomKey, id } = options;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- from a worker there is none
    const report = (opened: boolean) => scope.postMessage({ id, opened });
    const transform =
      operation === 'seal' ? sealing(new FrameSealer(roomKey, kind)) : opening(new FrameOpener(roomKey, kind), report);
    // It ends with the stream.
    readable
      .pipeThrough(new TransformStream({ transform }))
      .pipeTo(writable)
      .catch(() => {});
  };
}

type Transform = (frame: EncodedFrame, controller: TransformStreamDefaultController<EncodedFrame>) => Promise<void>;

/** A frame that cannot be encrypted is not sent. */
const sealing =
  (sealer: FrameSealer): Transform =>
  async (frame, controller) => {
    // Nothing is no secret.
    if (frame.data.byteLength > 0) frame.data = (await sealer.seal(new Uint8Array(frame.data))).buffer;
    controller.enqueue(frame);
  };

/** A frame that cannot be opened is shown to nobody: a decoder would make noise of it. */
function opening(opener: FrameOpener, report: (opened: boolean) => void): Transform {
  let told: boolean | undefined;
  let failures = 0;
  const tell = (opened: boolean) => {
    if (told === opened) return;
    told = opened;
    report(opened);
  };
  return async (frame, controller) => {
    if (frame.data.byteLength === 0) return;
    const opened = await opener.open(new Uint8Array(frame.data));
    if (opened.kind === 'repeated') return;
    if (opened.kind === 'locked') {
      failures += 1;
      if (failures >= lockedAfter) tell(false);
      return;
    }
    failures = 0;
    tell(true);
    frame.data = opened.frame.buffer;
    controller.enqueue(frame);
  };
}
