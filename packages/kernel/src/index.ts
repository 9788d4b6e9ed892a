export { Converger, type ConvergerOptions } from './converge.ts';
export {
  AppError,
  closeCodes,
  errorTable,
  isErrorCode,
  isGone,
  toProblem,
  toProtoo,
  unlessGone,
  type ErrorCode,
  type Missing,
} from './errors.ts';
export { Emitter, type EventMap, type Unsubscribe } from './emitter.ts';
export { adopt, Scope } from './scope.ts';
export { safeParse } from './safe-parse.ts';
export { Serial } from './serial.ts';
export { Tasks } from './tasks.ts';
export { messageOf, systemCodeOf } from './thrown.ts';
export { backoffDelay, type BackoffOptions } from './backoff.ts';
export { Bucket, Buckets } from './bucket.ts';
export { elapsed, systemClock, withTimeout, type Clock } from './clock.ts';
export { assertNever, invariant } from './invariant.ts';
export { newId, readableId } from './ids.ts';
export { Logger, logLevels, silentLog, silentSink } from './log.ts';
export type { LogFacts, LogLevel, LogRecord, LogSink } from './log.ts';
export { Channel, decodeFrame, encodeNotification, type ChannelOptions } from './channel.ts';
export { Lane } from './lane.ts';
export { framesOf, Link, type LinkOptions } from './link.ts';
