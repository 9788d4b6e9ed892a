import type { EncodingOptions, JoinOptions, TrackProcessor, VideoCodecName } from '@potluck/client';
import { cameraProcessor } from '../blur/camera-processor.ts';
import type { ExternalVideo } from '../devices/external-video.ts';
import type { LaunchOptions } from '../routes/launch.ts';
import type { Preferences } from '../state/preferences.ts';
import { encryptionOptions } from './encryption-options.ts';

type Wishes = { displayName: string; camera: boolean; microphone: boolean; password?: string };

const codecs: { readonly [codec in NonNullable<LaunchOptions['codec']>]: VideoCodecName } = {
  vp8: 'VP8',
  vp9: 'VP9',
  h264: 'H264',
  av1: 'AV1',
};

/** How to enter, from the link, the preview and what the browser remembers. */
export function joinOptions(
  roomId: string,
  wishes: Wishes,
  options: LaunchOptions,
  chosen: Pick<Preferences, 'cameraId' | 'microphoneId'>,
  processor: TrackProcessor,
  /** Plays in place of the devices. */
  external?: ExternalVideo | 'failed',
): JoinOptions {
  const { peerId, token, produce, consume, dataChannels, forceTcp, consumerReplicas } = options;
  const { cameraId, microphoneId } = chosen;
  const film = external === 'failed' ? undefined : external;
  return {
    roomId,
    displayName: wishes.displayName,
    produce,
    consume,
    dataChannels,
    forceTcp,
    ...(peerId !== undefined && { peerId }),
    ...(token !== undefined && { token }),
    ...(wishes.password !== undefined && { password: wishes.password }),
    // The tiles of a first screen; what is shown is said as soon as they are laid out.
    firstVideos: 9,
    ...(options.e2eKey !== undefined && { encryption: encryptionOptions(options.e2eKey) }),
    ...(consumerReplicas !== undefined && { consumerReplicas }),
    ...(produce && film?.audio && { microphone: { track: film.audio, music: true } }),
    ...(produce && film?.video && { camera: { ...cameraEncoding(options), track: film.video } }),
    ...(produce &&
      film === undefined &&
      wishes.microphone && {
        microphone: { processor, ...(microphoneId !== undefined && { deviceId: microphoneId }) },
      }),
    ...(produce &&
      film === undefined &&
      wishes.camera && {
        camera: {
          ...cameraEncoding(options),
          processor: cameraProcessor,
          ...(cameraId !== undefined && { deviceId: cameraId }),
        },
      }),
  };
}

export function cameraEncoding({
  codec,
  webcamLayers,
  webcamScalabilityMode,
  numSimulcastStreams,
}: LaunchOptions): EncodingOptions {
  const streams = webcamLayers ? numSimulcastStreams : 1;
  return {
    ...(codec !== undefined && { codec: codecs[codec] }),
    ...(streams !== undefined && { numSimulcastStreams: streams }),
    ...(webcamScalabilityMode !== undefined && { scalabilityMode: webcamScalabilityMode }),
  };
}

export function screenEncoding({
  codec,
  sharingLayers,
  sharingScalabilityMode,
  numSimulcastStreams,
}: LaunchOptions): EncodingOptions {
  const streams = sharingLayers ? numSimulcastStreams : 1;
  return {
    ...(codec !== undefined && { codec: codecs[codec] }),
    ...(streams !== undefined && { numSimulcastStreams: streams }),
    ...(sharingScalabilityMode !== undefined && { scalabilityMode: sharingScalabilityMode }),
  };
}
