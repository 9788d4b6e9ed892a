import { createRequire } from 'node:module';
import { Device, type types } from 'mediasoup-client';

type Wrtc = typeof import('@roamhq/wrtc');

/**
 * Loads libwebrtc for Node and offers its classes as globals, where mediasoup-client looks for them. Answers undefined
 * where the package has no binary for this platform.
 */
export function loadWrtc(): Wrtc | undefined {
  try {
    // Its ESM exports are not named, and a missing binary must be an answer, not an import error.
    const wrtc = createRequire(import.meta.url)('@roamhq/wrtc') as Wrtc;
    const { nonstandard: _, ...classes } = wrtc;
    Object.assign(globalThis, classes);
    return wrtc;
  } catch {
    return undefined;
  }
}

/** What the self-test needs of a WebRTC client: one sending and one receiving transport over real ICE and DTLS. */
export async function openClient(
  routerRtpCapabilities: types.RtpCapabilities,
  send: types.TransportOptions,
  receive: types.TransportOptions,
): Promise<{ device: Device; sending: types.Transport; receiving: types.Transport }> {
  const device = new Device({ handlerName: 'Chrome111' });
  await device.load({ routerRtpCapabilities });
  return { device, sending: device.createSendTransport(send), receiving: device.createRecvTransport(receive) };
}

/** A video track whose picture changes at every call of `paint`. */
export function paintedTrack(wrtc: Wrtc, width = 160, height = 120): { track: MediaStreamTrack; paint: () => void } {
  const source = new wrtc.nonstandard.RTCVideoSource();
  const data = new Uint8ClampedArray((width * height * 3) / 2);
  let shade = 0;
  return {
    track: source.createTrack(),
    paint() {
      shade = (shade + 16) % 256;
      data.fill(shade, 0, width * height);
      data.fill(128, width * height);
      source.onFrame({ width, height, data });
    },
  };
}

/** Calls `seen` for every frame of the track that was decoded. */
export function watchFrames(wrtc: Wrtc, track: MediaStreamTrack, seen: () => void): () => void {
  const sink = new wrtc.nonstandard.RTCVideoSink(track);
  sink.onframe = seen;
  return () => sink.stop();
}
