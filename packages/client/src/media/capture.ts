import type { CameraOptions, CaptureError, MicrophoneOptions, ScreenOptions } from '../api.ts';
import { captureError, captureErrorOf } from '../errors.ts';

/** A track, or why there is none. */
export type Captured = { kind: 'captured'; track: MediaStreamTrack } | { kind: 'failed'; error: CaptureError };
export type CapturedScreen =
  | { kind: 'captured'; track: MediaStreamTrack; audioTrack: MediaStreamTrack | undefined }
  | { kind: 'failed'; error: CaptureError };

export type Devices = Pick<MediaDevices, 'getUserMedia'>;

export const browserDevices = (): MediaDevices | undefined =>
  typeof navigator === 'undefined' ? undefined : navigator.mediaDevices;

/** Why there is no `mediaDevices` at all: browsers hide it from insecure pages. */
const noDevices = (): CaptureError =>
  captureError(typeof isSecureContext === 'boolean' && !isSecureContext ? 'insecure' : 'unsupported');

/** Opens the microphone. Never rejects. */
export const captureMicrophone = (
  options: MicrophoneOptions = {},
  devices: Devices | undefined = browserDevices(),
): Promise<Captured> => captureDevice('audio', options.deviceId, microphoneConstraints(options), devices);

/** Opens the camera. Never rejects. */
export const captureCamera = (
  options: CameraOptions = {},
  devices: Devices | undefined = browserDevices(),
): Promise<Captured> => captureDevice('video', options.deviceId, cameraConstraints(options), devices);

/** Asks the user for a screen, window or tab. Never rejects. */
export async function captureScreen(options: ScreenOptions = {}, devices = browserDevices()): Promise<CapturedScreen> {
  if (devices?.getDisplayMedia === undefined) return { kind: 'failed', error: noDevices() };
  try {
    const stream = await devices.getDisplayMedia(screenConstraints(options));
    const track = stream.getVideoTracks()[0];
    if (track === undefined) return { kind: 'failed', error: captureError('notFound') };
    track.contentHint = options.content ?? 'detail';
    return { kind: 'captured', track, audioTrack: stream.getAudioTracks()[0] };
  } catch (error) {
    return { kind: 'failed', error: captureErrorOf(error, 'screen') };
  }
}

/** Speech by default; music without the processing that takes it for noise. */
export function microphoneConstraints(options: MicrophoneOptions): MediaTrackConstraints {
  const process = !(options.music ?? false);
  return {
    echoCancellation: options.echoCancellation ?? process,
    noiseSuppression: options.noiseSuppression ?? process,
    autoGainControl: options.autoGainControl ?? process,
    ...(options.music === true && { channelCount: 2, sampleRate: 48_000 }),
  };
}

export function cameraConstraints(options: CameraOptions): MediaTrackConstraints {
  return {
    width: { ideal: options.width ?? 1280 },
    height: { ideal: options.height ?? 720 },
    frameRate: { ideal: options.frameRate ?? 30 },
    ...(options.deviceId === undefined && { facingMode: options.facingMode ?? 'user' }),
  };
}

export function screenConstraints(options: ScreenOptions): DisplayMediaStreamOptions {
  const frameRate = options.frameRate ?? (options.content === 'motion' ? 30 : 15);
  return {
    video: { frameRate: { max: frameRate } },
    // The sound of a shared tab is not speech: without processing it stays what it is.
    audio:
      options.audio === false ? false : { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  };
}

async function captureDevice(
  kind: 'audio' | 'video',
  deviceId: string | undefined,
  constraints: MediaTrackConstraints,
  devices: Devices | undefined,
): Promise<Captured> {
  if (devices?.getUserMedia === undefined) return { kind: 'failed', error: noDevices() };
  const open = async (constraints: MediaTrackConstraints): Promise<Captured> => {
    const stream = await devices.getUserMedia({ [kind]: constraints });
    const track = stream.getTracks().find((one) => one.kind === kind);
    return track === undefined ? { kind: 'failed', error: captureError('notFound') } : { kind: 'captured', track };
  };
  try {
    return await open({ ...constraints, ...(deviceId !== undefined && { deviceId: { exact: deviceId } }) });
  } catch (error) {
    const failure = captureErrorOf(error, 'device');
    const gone = failure.code === 'overconstrained' || failure.code === 'notFound';
    if (deviceId === undefined || !gone) return { kind: 'failed', error: failure };
  }
  try {
    // The remembered device is not there any more: any is better than none.
    return await open(constraints);
  } catch (error) {
    return { kind: 'failed', error: captureErrorOf(error, 'device') };
  }
}
