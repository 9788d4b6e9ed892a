import { createRequire } from 'node:module';
import { Device } from 'mediasoup-client';
import type { types } from 'mediasoup-client';

// libwebrtc for Node is CommonJS and offers no named exports; mediasoup-client looks for its classes among the globals.
const wrtc = createRequire(import.meta.url)('@roamhq/wrtc') as typeof import('@roamhq/wrtc');
const { nonstandard, ...classes } = wrtc;
Object.assign(globalThis, classes);

/** A WebRTC client with a camera, and one transport each to send and to receive over real ICE and DTLS. */
export type TestClient = {
  readonly sending: types.Transport;
  readonly receiving: types.Transport;
  readonly camera: MediaStreamTrack;
  /** Calls `seen` for every frame of the track that was decoded. */
  watch(track: MediaStreamTrack, seen: () => void): void;
  close(): void;
};

export async function openClient(
  routerRtpCapabilities: types.RtpCapabilities,
  send: types.TransportOptions,
  receive: types.TransportOptions,
): Promise<TestClient> {
  const device = new Device({ handlerName: 'Chrome111' });
  await device.load({ routerRtpCapabilities });
  const sending = device.createSendTransport(send);
  const receiving = device.createRecvTransport(receive);
  const { track, stop } = openCamera();
  const sinks = new Set<{ stop(): void }>();
  return {
    sending,
    receiving,
    camera: track,
    watch(watched, seen) {
      const sink = new nonstandard.RTCVideoSink(watched);
      sink.onframe = seen;
      sinks.add(sink);
    },
    close() {
      stop();
      for (const sink of sinks) sink.stop();
      sending.close();
      receiving.close();
    },
  };
}

/** A video track whose picture keeps changing. */
function openCamera(): { track: MediaStreamTrack; stop: () => void } {
  const width = 160;
  const height = 120;
  const source = new nonstandard.RTCVideoSource();
  const data = new Uint8Array((width * height * 3) / 2);
  let shade = 0;
  const painting = setInterval(() => {
    shade = (shade + 16) % 256;
    data.fill(shade, 0, width * height);
    data.fill(128, width * height);
    source.onFrame({ width, height, data });
  }, 40);
  return { track: source.createTrack(), stop: () => clearInterval(painting) };
}
