import { AppError, messageOf, type ErrorCode } from '@potluck/kernel';
import type { EndReason } from '@potluck/protocol';
import type { CaptureError, EndedReason } from './api.ts';

const ended: { readonly [reason in EndReason]: EndedReason } = {
  kicked: 'kicked',
  banned: 'banned',
  denied: 'denied',
  replaced: 'replaced',
  roomClosed: 'roomClosed',
  serverStopping: 'serverStopping',
  refused: 'refused',
  tooSlow: 'internal',
  internal: 'internal',
};

export const endedReason = (reason: EndReason): EndedReason => ended[reason];

/** Why entering failed, as far as the code of the answer tells. The door itself knows better (`refusal.ts`). */
export function refusalReason(code: ErrorCode): EndedReason {
  if (code === 'unsupported') return 'unsupported';
  if (code === 'rate_limited') return 'rateLimited';
  return code === 'unauthorized' ? 'passwordNeeded' : 'refused';
}

/** Names of DOMExceptions by `getUserMedia` and `getDisplayMedia` (W3C Media Capture §10.2), old spellings included. */
const captureCodes: { readonly [name: string]: CaptureError['code'] } = {
  NotAllowedError: 'denied',
  PermissionDeniedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'notFound',
  DevicesNotFoundError: 'notFound',
  NotReadableError: 'busy',
  TrackStartError: 'busy',
  AbortError: 'busy',
  OverconstrainedError: 'overconstrained',
  ConstraintNotSatisfiedError: 'overconstrained',
  NotSupportedError: 'unsupported',
};

const captureMessages: { readonly [code in CaptureError['code']]: string } = {
  denied: 'The browser or the user did not allow it.',
  notFound: 'There is no such device.',
  busy: 'Another program uses the device, or it does not answer.',
  overconstrained: 'The device cannot do what was asked of it.',
  insecure: 'Browsers give devices to secure pages (https, localhost) only.',
  unsupported: 'This browser cannot do it.',
  cancelled: 'Given up before it was ready.',
  publishFailed: 'The device works, but the server did not take the stream.',
  encodingUnsupported: 'The device works, but cannot be sent with the codec or layers asked for.',
  unknown: 'It failed for a reason that the browser does not tell.',
};

export const captureError = (code: CaptureError['code'], detail?: string): CaptureError => ({
  code,
  message: detail === undefined || detail === '' ? captureMessages[code] : `${captureMessages[code]} (${detail})`,
});

/** Why what the device gives was not sent. */
export const publishErrorOf = ({ code, message }: AppError): CaptureError =>
  captureError(code === 'unsupported' ? 'encodingUnsupported' : 'publishFailed', message);

/** What a capture call threw, as a value. `screen`: closing the browser's picker looks like a refusal there. */
export function captureErrorOf(error: unknown, of: 'device' | 'screen'): CaptureError {
  if (!(error instanceof Error)) return captureError('unknown');
  const code = captureCodes[error.name] ?? 'unknown';
  // The browser's own denial (policy, system settings) says so; the picker that was closed does not.
  if (of === 'screen' && code === 'denied' && !/system|policy/i.test(error.message)) return captureError('cancelled');
  return captureError(code, error.message);
}

/** What this library, mediasoup-client or the browser threw, as an AppError with the original as its cause. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = messageOf(error);
  const unsupported = error instanceof Error && error.name === 'UnsupportedError';
  return new AppError(unsupported ? 'unsupported' : 'internal', message, { cause: error });
}
