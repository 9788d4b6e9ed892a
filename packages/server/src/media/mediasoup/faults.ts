import { errors } from 'mediasoup';
import { AppError } from '@potluck/kernel';

/** What the worker says of states, not of data. It has no type for them, only words. */
const conflicts = [/connect\(\) already called/, /already exists in RTP listener/, /already exists in SCTP listener/];
const withoutSctp = /SCTP not enabled/;
const outOfPorts = /no more available ports|bind\(\) failed|bind failed/;

/**
 * Turns what mediasoup throws into what a caller may know. A TypeError counts as the caller's fault only if mediasoup
 * threw it: ours stay bugs, and their text stays at home.
 */
export function toFault(error: unknown, what: string): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const { message } = error;
  const fault = (code: ConstructorParameters<typeof AppError>[0], text: string) =>
    new AppError(code, text, { cause: error });

  if (error instanceof errors.UnsupportedError) return fault('unsupported', `${what}: ${message}`);
  if (error instanceof errors.NotFoundError) return fault('not_found', `${what}: it is no longer there`);
  if (error instanceof errors.WorkerClosedError) return fault('unavailable', `${what}: the media worker has ended`);
  if (conflicts.some((pattern) => pattern.test(message)))
    return fault('conflict', `${what}: ${withoutMethod(message)}`);
  if (withoutSctp.test(message)) return fault('conflict', `${what}: the transport was opened without data channels`);
  if (outOfPorts.test(message)) return fault('unavailable', `${what}: no free port in the configured range`);
  if (message.startsWith('request too big')) return fault('too_large', `${what}: too large`);
  if (error instanceof TypeError && thrownByEngine(error)) return fault('bad_request', `${what}: ${sayable(message)}`);
  return error;
}

/** Runs one call of the engine; its errors come out as `AppError`s that name `what`. */
export async function asking<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toFault(error, what);
  }
}

const withoutMethod = (message: string): string => message.replace(/ ?\[method:[^\]]*\]/, '');

/** JavaScript's own complaints («Cannot read properties of …») speak of code, not of data. */
const sayable = (message: string): string =>
  /^(Cannot |undefined |null )| is not (a function|iterable|defined)/.test(message)
    ? 'the media engine cannot read these parameters'
    : withoutMethod(message);

/** The first frame of the stack tells whose code threw. */
function thrownByEngine(error: Error): boolean {
  const frame = (error.stack ?? '').split('\n').find((line) => /^\s+at /.test(line)) ?? '';
  return /[\\/]node_modules[\\/]mediasoup[\\/]/.test(frame);
}
