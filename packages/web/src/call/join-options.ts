import type { EncodingOptions, JoinOptions, TrackProcessor, VideoCodecName } from '@potluck/client';
import type { LaunchOptions } from '../routes/launch.ts';
import type { Preferences } from '../state/preferences.ts';

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
): JoinOptions {
  const { peerId, token, produce, consume, dataChannels, forceTcp, consumerReplicas } = options;
  const { cameraId, microphoneId } = chosen;
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
    ...(consumerReplicas !== undefined && { consumerReplicas }),
    ...(produce &&
      wishes.microphone && {
        microphone: { processor, ...(microphoneId !== undefined && { deviceId: microphoneId }) },
      }),
    ...(produce &&
      wishes.camera && {
        camera: { ...cameraEncoding(options), ...(cameraId !== undefined && { deviceId: cameraId }) },
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
