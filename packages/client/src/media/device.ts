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
import { startEngine } from './engine.ts';

/** What this browser can send and receive in this room, and the maker of its transports. */
export type MediaDevice = {
  readonly rtpCapabilities: RtpCapabilities;
  readonly sendCodecs: readonly types.RtpCodecCapability[];
  canSend(kind: 'audio' | 'video'): boolean;
  openSend(info: WebRtcTransportInfo): types.Transport;
  openReceive(info: WebRtcTransportInfo): types.Transport;
};

/** Rejects with `unsupported` where WebRTC is missing or unknown. */
export type MakeDevice = (
  routerRtpCapabilities: RtpCapabilities,
  iceServers: readonly IceServer[],
) => Promise<MediaDevice>;

export type DeviceMaker = {
  readonly make: MakeDevice;
  /** Resolves when the browser's engine has started, or has failed to: whoever makes a device hears of that. */
  readonly started: Promise<void>;
};

/** Begins now with what no room is needed for. */
export function deviceMaker(runtime: Runtime): DeviceMaker {
  const engine = startEngine(runtime);
  const asked = async () => {
    const { getNativeRtpCapabilities: ask } = await engine;
    await Promise.all([ask({ direction: 'recvonly' }), ask({ direction: 'sendonly' })]);
  };
  return {
    make: (routerRtpCapabilities, iceServers) => makeDevice(engine, routerRtpCapabilities, iceServers),
    started: asked().catch(() => {}),
  };
}

async function makeDevice(
  engine: Promise<types.HandlerFactory>,
  routerRtpCapabilities: RtpCapabilities,
  iceServers: readonly IceServer[],
): Promise<MediaDevice> {
  const device = new MediasoupDevice({ handlerFactory: await engine });
  try {
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
