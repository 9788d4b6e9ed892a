import { AppError } from '@potluck/kernel';
import { detectDeviceAsync, type types } from 'mediasoup-client';
import { Chrome111 } from 'mediasoup-client/handlers/Chrome111';
import { Chrome74 } from 'mediasoup-client/handlers/Chrome74';
import { Firefox120 } from 'mediasoup-client/handlers/Firefox120';
import { ReactNative106 } from 'mediasoup-client/handlers/ReactNative106';
import { Safari12 } from 'mediasoup-client/handlers/Safari12';
import type { Runtime } from '../api.ts';

const engines = { Chrome111, Chrome74, Firefox120, Safari12, ReactNative106 };
type EngineName = keyof typeof engines;
const isEngineName = (name: string): name is EngineName => Object.hasOwn(engines, name);

/** mediasoup-client's handlers take their classes from the global scope, as browsers have them. */
function installRuntime(runtime: Runtime): void {
  const { RTCPeerConnection, MediaStream, MediaStreamTrack } = runtime;
  for (const [name, value] of Object.entries({ RTCPeerConnection, MediaStream, MediaStreamTrack })) {
    if (value === undefined || name in globalThis) continue;
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

/**
 * The WebRTC engine of this browser, asked at once what it can send and receive. The answer is the same for every room and costs two
 * peer connections, the first of which starts the engine: it is given while the socket opens, not after.
 * Rejects with `unsupported` where there is none.
 */
export async function startEngine(runtime: Runtime): Promise<types.HandlerFactory> {
  installRuntime(runtime);
  const factory = runtime.handlerFactory ?? engines[await engineName(runtime.handlerName)].createFactory({});
  const ask = (direction: types.HandlerGetNativeRtpCapabilitiesOptions['direction']) => {
    const answer = factory.getNativeRtpCapabilities({ direction });
    // Whoever loads a device hears of it.
    answer.catch(() => {});
    return answer;
  };
  const known = { recvonly: ask('recvonly'), sendonly: ask('sendonly') };
  return { ...factory, getNativeRtpCapabilities: ({ direction }) => known[direction] };
}

async function engineName(wanted: string | undefined): Promise<EngineName> {
  const name = wanted ?? (await detectDeviceAsync());
  if (name === undefined) throw new AppError('unsupported', 'this browser lacks the WebRTC that calls need');
  if (isEngineName(name)) return name;
  throw new AppError('bad_request', `runtime.handlerName must be one of ${Object.keys(engines).join(', ')}`);
}
