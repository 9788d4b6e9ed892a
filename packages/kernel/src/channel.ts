import { z } from 'zod';
import { AppError, isErrorCode, isMissing, toProtoo } from './errors.ts';
import { safeParse } from './safe-parse.ts';
import { systemClock, type Clock } from './clock.ts';

/**
 * protoo classifies by truthiness of the marker and ignores members it does not know (docs/protocol.md). Ids are
 * numbers; old clients send any non-negative integer, 0 included.
 */
const RequestFrame = z.object({ id: z.number(), method: z.string().max(200), data: z.unknown().optional() });
const NotificationFrame = z.object({ method: z.string().max(200), data: z.unknown().optional() });
const ResponseFrame = z.object({
  id: z.number(),
  ok: z.unknown().optional(),
  data: z.unknown().optional(),
  errorReason: z.unknown().optional(),
  error: z
    .object({ code: z.string().max(100), missing: z.unknown().optional() })
    .optional()
    .catch(undefined),
});

export type ChannelOptions = {
  /** Hands over one outgoing frame. */
  send: (frame: string) => void;
  /** The same for a notification, which may wait for others until something else is sent. Default: `send`. */
  sendSoon?: (frame: string) => void;
  /**
   * Answers a request. What is returned at once is answered at once: nothing that happens afterwards can overtake the
   * answer. A promise is answered when it settles.
   */
  onRequest: (method: string, data: unknown) => unknown;
  onNotification: (method: string, data: unknown) => void;
  /** A frame was dropped; the connection lives on. */
  onDropped?: (why: string) => void;
  /** Milliseconds until an own request fails, given how many are already pending. */
  timeoutMs: (pending: number) => number;
  /** Requests of the other side that may be in work at once; more are refused with `rate_limited`. */
  maxConcurrentRequests?: number;
  clock?: Clock;
};

type Pending = { resolve: (data: unknown) => void; reject: (error: unknown) => void; cancelTimer: () => void };

/** protoo on the wire, symmetric, with no socket inside: feed it parsed frames, it hands you frames to send. */
export class Channel {
  readonly #options: ChannelOptions;
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #inWork = 0;
  #closed: string | undefined;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Own requests that wait for an answer. */
  get pending(): number {
    return this.#pending.size;
  }

  request(method: string, data: unknown): Promise<unknown> {
    if (this.#closed !== undefined) return Promise.reject(new AppError('unavailable', this.#closed));
    // Sequential and never 0: Android takes 0 as invalid, and the iOS demo mixes up both directions' ids.
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const cancelTimer = this.#clock.after(this.#options.timeoutMs(this.#pending.size), () =>
        this.#settle(id)?.reject(new AppError('timeout', `${method} was not answered in time`)),
      );
      this.#pending.set(id, { resolve, reject, cancelTimer });
      try {
        this.#options.send(JSON.stringify({ request: true, id, method, data }));
      } catch (error) {
        this.#settle(id)?.reject(error);
      }
    });
  }

  notify(method: string, data: unknown): void {
    this.notifyEncoded(encodeNotification(method, data));
  }

  /** Sends a notification that was encoded once for many receivers. */
  notifyEncoded(frame: string): void {
    if (this.#closed === undefined) (this.#options.sendSoon ?? this.#options.send)(frame);
  }

  /** Takes one parsed frame. Never throws: what cannot be understood is dropped and reported. */
  receive(message: unknown): void {
    if (this.#closed !== undefined) return;
    if (typeof message !== 'object' || message === null || Array.isArray(message)) return this.#drop('not an object');
    const marks: { request?: unknown; response?: unknown; notification?: unknown } = message;
    if (marks.request) this.#receiveRequest(message);
    else if (marks.response) this.#receiveResponse(message);
    else if (marks.notification) this.#receiveNotification(message);
    else this.#drop('neither request, response nor notification');
  }

  /** Rejects what is pending at once. Idempotent. */
  close(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(new AppError('unavailable', reason));
  }

  #receiveRequest(message: object): void {
    const frame = safeParse(RequestFrame, message);
    if (!frame.success) return this.#drop('malformed request');
    const { id, method, data } = frame.data;
    const limit = this.#options.maxConcurrentRequests ?? Infinity;
    if (this.#inWork >= limit) {
      this.#respondError(id, new AppError('rate_limited', `more than ${limit} requests at once`));
      return;
    }
    this.#answer(id, method, data || {});
  }

  #receiveResponse(message: object): void {
    const frame = safeParse(ResponseFrame, message);
    if (!frame.success) return this.#drop('malformed response');
    const { id, ok, data, errorReason, error } = frame.data;
    const pending = this.#settle(id);
    if (!pending) return this.#drop('response to nothing');
    if (ok) pending.resolve(data || {});
    else {
      const code = isErrorCode(error?.code) ? error.code : 'internal';
      const reason = typeof errorReason === 'string' ? errorReason : 'refused without a reason';
      pending.reject(new AppError(code, reason, { missing: isMissing(error?.missing) ? error.missing : undefined }));
    }
  }

  /** It has its answer, or never will: it is no longer waited for. */
  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    this.#pending.delete(id);
    pending.cancelTimer();
    return pending;
  }

  #receiveNotification(message: object): void {
    const frame = safeParse(NotificationFrame, message);
    if (!frame.success) return this.#drop('malformed notification');
    this.#options.onNotification(frame.data.method, frame.data.data || {});
  }

  #answer(id: number, method: string, data: unknown): void {
    try {
      const result = this.#options.onRequest(method, data);
      if (result instanceof Promise) void this.#answerLater(id, result);
      else this.#respond({ response: true, id, ok: true, data: result ?? {} });
    } catch (error) {
      this.#respondError(id, AppError.from(error));
    }
  }

  /** Cannot reject: every failure of the handler becomes the answer. */
  async #answerLater(id: number, answer: Promise<unknown>): Promise<void> {
    this.#inWork += 1;
    try {
      this.#respond({ response: true, id, ok: true, data: (await answer) ?? {} });
    } catch (error) {
      this.#respondError(id, AppError.from(error));
    } finally {
      this.#inWork -= 1;
    }
  }

  #respondError(id: number, error: AppError): void {
    this.#respond({ response: true, id, ok: false, ...toProtoo(error) });
  }

  #respond(frame: object): void {
    if (this.#closed === undefined) this.#options.send(JSON.stringify(frame));
  }

  #drop(why: string): void {
    this.#options.onDropped?.(why);
  }
}

/** One text frame, for `notifyEncoded`. */
export const encodeNotification = (method: string, data: unknown): string =>
  JSON.stringify({ notification: true, method, data });

/** Parses one text frame; `undefined` when it is not JSON. */
export function decodeFrame(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
