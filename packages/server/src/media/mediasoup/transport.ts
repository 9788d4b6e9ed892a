import type { types } from 'mediasoup';
import { systemClock, type Emitter, type Tasks } from '@potluck/kernel';
import {
  DtlsParameters,
  SctpParameters,
  TransportId,
  type IceParameters,
  type WebRtcTransportInfo,
} from '@potluck/protocol';
import type { PlainTransportInfo, PlainTransportOptions, RoomMediaEvents, WebRtcTransportOptions } from '../fabric.ts';
import type { MediaSettings } from '../settings.ts';
import { iceCandidates, isWildcard, listenInfos, localAddresses, udpBuffer } from './addresses.ts';
import type { TransportEntry } from './holdings.ts';
import type { RouterNode } from './router-node.ts';

/** Bytes that may wait for a slow receiver, of all its channels: beyond it the engine drops. Holds every window of its file transfers. */
const sctpSendBufferSize = 4_000_000;

/** What the engine takes, in seconds; 0 switches the check off. */
const consentSeconds = { min: 10, max: 60 };

export async function makeWebRtcTransport(
  node: RouterNode,
  settings: MediaSettings,
  options: WebRtcTransportOptions,
): Promise<types.WebRtcTransport> {
  const { listenIp, rtcMinPort, rtcMaxPort, maxSctpMessageSize } = settings;
  const portRange = { min: rtcMinPort, max: rtcMaxPort };
  const listen = node.server
    ? { webRtcServer: node.server }
    : { listenInfos: listenInfos(localAddresses(listenIp), { portRange }) };
  return node.router.createWebRtcTransport({
    ...listen,
    enableUdp: !options.forceTcp,
    enableTcp: true,
    preferUdp: true,
    enableSctp: options.sctp,
    maxSendMessageSize: maxSctpMessageSize,
    maxReceiveMessageSize: maxSctpMessageSize,
    sctpSendBufferSize,
    initialAvailableOutgoingBitrate: settings.initialAvailableOutgoingBitrate,
    iceConsentTimeout: consentTimeout(options.iceConsentTimeoutMs),
  });
}

function consentTimeout(ms: number): number {
  if (ms === 0) return 0;
  return Math.min(consentSeconds.max, Math.max(consentSeconds.min, Math.ceil(ms / 1000)));
}

/** What the client needs to build its end. */
export function webRtcTransportInfo(
  transport: types.WebRtcTransport,
  announced: readonly string[],
): WebRtcTransportInfo {
  const { sctpParameters } = transport;
  return {
    id: TransportId.parse(transport.id),
    iceParameters: iceParameters(transport.iceParameters),
    iceCandidates: iceCandidates(transport.iceCandidates, announced),
    dtlsParameters: DtlsParameters.parse(transport.dtlsParameters),
    ...(sctpParameters && { sctpParameters: SctpParameters.parse(sctpParameters) }),
  };
}

/** Without what the engine adds to them of its own. */
export const iceParameters = ({ usernameFragment, password, iceLite }: types.IceParameters): IceParameters => ({
  usernameFragment,
  password,
  ...(iceLite !== undefined && { iceLite }),
});

/** How long a transport believes what another one has found out, in milliseconds: its own estimate settles in a second or two. */
const believedMs = 2500;

/** Has the estimate towards a client not be below this, for a while. */
export async function expectDownlink(
  { transport }: TransportEntry,
  bitrate: number,
  usualLeast: number,
  tasks: Tasks,
): Promise<void> {
  if (transport.type !== 'webrtc' || bitrate <= usualLeast) return;
  await transport.setMinOutgoingBitrate(Math.round(bitrate));
  if (transport.closed) return;
  const doubt = () => tasks.spawn('doubt downlink', transport.setMinOutgoingBitrate(usualLeast));
  transport.observer.once('close', systemClock.after(believedMs, doubt));
}

export function makePlainTransport(
  node: RouterNode,
  settings: MediaSettings,
  options: PlainTransportOptions,
): Promise<types.PlainTransport> {
  const { listenIp, rtcMinPort, rtcMaxPort } = settings;
  const portRange = { min: rtcMinPort, max: rtcMaxPort };
  return node.router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: listenIp, portRange, ...udpBuffer },
    ...options,
  });
}

export function plainTransportInfo(transport: types.PlainTransport, settings: MediaSettings): PlainTransportInfo {
  const { tuple, rtcpTuple } = transport;
  const { listenIp, announcedAddresses } = settings;
  const own = isWildcard(listenIp) ? (localAddresses(listenIp)[0] ?? listenIp) : listenIp;
  return {
    id: TransportId.parse(transport.id),
    ip: announcedAddresses[0] ?? own,
    port: tuple.localPort,
    ...(rtcpTuple && { rtcpPort: rtcpTuple.localPort }),
  };
}

/** Turns the states of ICE and DTLS into facts: up, gone for now, or lost. */
export function watchWebRtcTransport(
  entry: TransportEntry,
  transport: types.WebRtcTransport,
  events: Emitter<RoomMediaEvents>,
): void {
  const transportId = entry.id;
  let up = false;
  const connected = () => {
    const { iceState, dtlsState } = transport;
    if (up || dtlsState !== 'connected' || (iceState !== 'connected' && iceState !== 'completed')) return;
    up = true;
    events.emit('transportConnected', { transportId });
  };
  const failed = (fact: 'transportFailed' | 'transportLost', reason: string) => {
    up = false;
    if (!entry.closed) events.emit(fact, { transportId, reason });
  };
  transport.on('icestatechange', (state) => {
    if (state === 'disconnected' || state === 'closed') failed('transportFailed', `ICE ${state}`);
    else connected();
  });
  transport.on('dtlsstatechange', (state) => {
    // Keys are agreed on once in a transport's life: new ICE credentials would find it mute.
    if (state === 'failed' || state === 'closed') failed('transportLost', `DTLS ${state}`);
    else connected();
  });
  transport.on('trace', (trace) => {
    if (trace.type !== 'bwe' || trace.direction !== 'out' || entry.closed) return;
    const { desiredBitrate, effectiveDesiredBitrate, availableBitrate } = trace.info as BitrateEstimate;
    events.emit('downlinkEstimated', {
      transportId,
      estimate: { desiredBitrate, effectiveDesiredBitrate, availableBitrate },
    });
  });
}

/** What a `bwe` trace holds; mediasoup types it as `unknown` members. */
type BitrateEstimate = { desiredBitrate: number; effectiveDesiredBitrate: number; availableBitrate: number };
