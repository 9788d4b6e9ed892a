/**
 * Every failure the outside world can see. The key is the contract; `status` is how HTTP (RFC 9110 §15) and protoo
 * (`errorCode`) say it.
 */
export const errorTable = {
  bad_request: { status: 400, title: 'Bad request' },
  unauthorized: { status: 401, title: 'Sign-in required' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Not possible in this state' },
  too_large: { status: 413, title: 'Too large' },
  waiting: { status: 423, title: 'Waiting to be let in' },
  unsupported: { status: 415, title: 'Not supported by this media' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Internal error' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
  timeout: { status: 504, title: 'Timed out' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorTable;

export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(errorTable, code);

/**
 * Of `not_found`: what is not there, where the caller goes on differently for it. A transport may end with its worker while
 * its client still uses it: the end is on the way, and so is the next transport.
 */
export type Missing = 'transport';
export const isMissing = (what: unknown): what is Missing => what === 'transport';

/** The one error class that may cross a border (wire, HTTP, console). Its message is meant for the caller's eyes. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  /** Absent where it makes no difference. */
  declare readonly missing?: Missing;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions & { missing?: Missing | undefined }) {
    super(message, options);
    this.code = code;
    // Not there at all where there is none: logs show what an error has.
    if (options?.missing !== undefined) this.missing = options.missing;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  /** Anything thrown becomes an AppError; what we did not mean to say is never said to the client. */
  static from(error: unknown): AppError {
    if (error instanceof AppError) return error;
    return new AppError('internal', errorTable.internal.title, { cause: error });
  }
}

/** Whether what was asked of is no longer there, or its worker is not. */
export const isGone = (error: unknown): boolean => ['not_found', 'unavailable'].includes(AppError.from(error).code);

/** For what need not be done any more once its object has ended: only other failures are failures. */
export async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** RFC 9457 problem document. `instance` is the path that was asked for. */
export const toProblem = (error: AppError, instance: string) => ({
  type: `/problems/${error.code}`,
  title: errorTable[error.code].title,
  status: error.status,
  detail: error.message,
  instance,
});

/** The members of a protoo error response. Old clients ignore `error`. */
export const toProtoo = (error: AppError) => ({
  errorCode: error.status,
  errorReason: error.message,
  error: { code: error.code, ...(error.missing !== undefined && { missing: error.missing }) },
});

/**
 * WebSocket close codes we send (RFC 6455 §7.4). protoo clients reconnect on every code but 4000, so 4000 means
 * «do not come back»: kicked, replaced, room ended.
 */
export const closeCodes = {
  ended: 4000,
  mediaLost: 4001,
  normal: 1000,
  policy: 1008,
  tooBig: 1009,
  internal: 1011,
  restart: 1012,
  tryLater: 1013,
} as const;
