import { AppError } from '@potluck/kernel';
import {
  unknownDevice,
  type Device,
  type IceServer,
  type RtpCapabilities,
  type WebRtcTransportInfo,
} from '@potluck/protocol';
import { Device as MediasoupDevice, type types } from 'mediasoup-client';
import type { Runtime } from '../api.ts';
import { asAppError } from '../errors.ts';

/** mediasoup-client's handlers take their classes from the global scope, as browsers have them. */
export function installRuntime(runtime: Runtime): void {
  const { RTCPeerConnection, MediaStream, MediaStreamTrack } = runtime;
  for (const [name, value] of Object.entries({ RTCPeerConnection, MediaStream, MediaStreamTrack })) {
    if (value === undefined || name in globalThis) continue;
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

const handlerNames = ['Chrome111', 'Chrome74', 'Firefox120', 'Safari12', 'ReactNative106'] as const;
type HandlerName = (typeof handlerNames)[number];
const isHandlerName = (name: string): name is HandlerName => handlerNames.some((known) => known === name);

/** What this browser can send and receive in this room, and the maker of its transports. */
export type MediaDevice = {
  readonly rtpCapabilities: RtpCapabilities;
  readonly sendCodecs: readonly types.RtpCodecCapability[];
  canSend(kind: 'audio' | 'video'): boolean;
  openSend(info: WebRtcTransportInfo): types.Transport;
  openReceive(info: WebRtcTransportInfo): types.Transport;
};

/** Rejects with `unsupported` where WebRTC is missing or unknown. */
export async function loadDevice(
  runtime: Runtime,
  routerRtpCapabilities: RtpCapabilities,
  iceServers: readonly IceServer[],
): Promise<MediaDevice> {
  installRuntime(runtime);
  const { handlerName, handlerFactory } = runtime;
  if (handlerName !== undefined && !isHandlerName(handlerName)) {
    throw new AppError('bad_request', `runtime.handlerName must be one of ${handlerNames.join(', ')}`);
  }
  let device: MediasoupDevice;
  try {
    device = await MediasoupDevice.factory({
      ...(handlerFactory ? { handlerFactory } : handlerName && { handlerName }),
    });
    await device.load({ routerRtpCapabilities: routerRtpCapabilities as types.RtpCapabilities });
  } catch (error) {
    throw new AppError('unsupported', 'this browser lacks the WebRTC that calls need', { cause: asAppError(error) });
  }
  const options = (info: WebRtcTransportInfo) => ({
    ...(info as unknown as types.TransportOptions),
    iceServers: iceServers.map((server) => ({ ...server })),
  });
  return {
    rtpCapabilities: device.recvRtpCapabilities as RtpCapabilities,
    sendCodecs: device.sendRtpCapabilities.codecs ?? [],
    canSend: (kind) => device.canProduce(kind),
    openSend: (info) => device.createSendTransport(options(info)),
    openReceive: (info) => device.createRecvTransport(options(info)),
  };
}

/** This program in a word, for the others. */
export function describeDevice(): Device {
  const agent = typeof navigator === 'undefined' ? '' : navigator.userAgent;
  const browsers = [
    ['edge', 'Edge', /Edg\/([\d.]+)/],
    ['opera', 'Opera', /OPR\/([\d.]+)/],
    ['firefox', 'Firefox', /Firefox\/([\d.]+)/],
    ['chrome', 'Chrome', /Chrom(?:e|ium)\/([\d.]+)/],
    ['safari', 'Safari', /Version\/([\d.]+).*Safari/],
    ['node', 'Node.js', /Node\.js\/([\d.]+)/],
  ] as const;
  for (const [flag, name, pattern] of browsers) {
    const version = pattern.exec(agent)?.[1];
    if (version !== undefined) return { flag, name, version };
  }
  return unknownDevice;
}
