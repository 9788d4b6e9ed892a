import { errors } from 'mediasoup';
import { AppError, type ErrorCode } from '@potluck/kernel';

/** What the worker says of states, not of data. It has no type for them, only words. */
const conflicts = [/connect\(\) already called/, /already exists in RTP listener/, /already exists in SCTP listener/];
const withoutSctp = /SCTP not enabled/;
const wrongAddress = /^invalid IP/;
const outOfPorts = /no more available ports|bind\(\) failed|bind failed/;

/** Turns what mediasoup throws into what a caller may know. What is none of the caller's business stays as it is. */
export function toFault(error: unknown, what: string): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const { message } = error;
  const fault = (code: ErrorCode, text: string) => new AppError(code, `${what}: ${text}`, { cause: error });

  if (error instanceof errors.UnsupportedError) return fault('unsupported', message);
  if (error instanceof errors.NotFoundError) return fault('not_found', 'it is no longer there');
  if (error instanceof errors.WorkerClosedError) return fault('unavailable', 'the media worker has ended');
  if (conflicts.some((pattern) => pattern.test(message))) return fault('conflict', withoutMethod(message));
  if (withoutSctp.test(message)) return fault('conflict', 'the transport was opened without data channels');
  if (outOfPorts.test(message)) return fault('unavailable', 'no free port in the configured range');
  if (message.startsWith('request too big')) return fault('too_large', 'too large');
  return error;
}

/** Like `toFault`, for calls that hand the caller's own data to the engine: what it refuses there is the caller's fault. */
export function toRefusal(error: unknown, what: string): unknown {
  const fault = toFault(error, what);
  if (!(fault instanceof Error) || fault instanceof AppError) return fault;
  const refused = fault instanceof TypeError ? thrownByEngine(fault) : wrongAddress.test(fault.message);
  return refused ? new AppError('bad_request', `${what}: ${sayable(fault.message)}`, { cause: fault }) : fault;
}

/** Runs a call of the engine; its errors come out as `AppError`s that name `what`. */
export async function asking<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toFault(error, what);
  }
}

/** The same for a call with data of the caller. */
export async function submitting<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toRefusal(error, what);
  }
}

const withoutMethod = (message: string): string => message.replace(/ ?\[method:[^\]]*\]/, '');

/** JavaScript's own complaints («Cannot read properties of …») speak of code, not of data. */
const sayable = (message: string): string =>
  /^(Cannot |undefined |null )| is not (a function|iterable|defined)/.test(message)
    ? 'the media engine cannot read these parameters'
    : withoutMethod(message);

/** The first frame of the stack tells whose code threw: a TypeError of ours stays a bug. */
function thrownByEngine(error: Error): boolean {
  const frame = (error.stack ?? '').split('\n').find((line) => /^\s+at /.test(line)) ?? '';
  return /[\\/]node_modules[\\/]mediasoup[\\/]/.test(frame);
}
