import { isIP } from 'node:net';
import type { ReachFacts } from '../access/mode.ts';
import type { MediaSettings } from '../media/settings.ts';
import type { AccessMode } from '../room/access-mode.ts';
import type { BroadcastingSettings } from '../room/broadcasting.ts';
import type { RegistrySettings } from '../room/registry.ts';
import type { SessionSettings } from '../session/services.ts';
import type { UpgradeOptions } from '../edge/upgrade.ts';
import type { Config } from './schema.ts';

/** The settings as each part wants them: its own names, milliseconds throughout. */

export const mediaSettings = ({ media }: Config): MediaSettings => ({
  workers: media.workers,
  workerBin: media.workerBin,
  log: { logLevel: media.logLevel, logTags: media.logTags },
  dtlsCertificateFile: media.dtlsCertificateFile,
  dtlsPrivateKeyFile: media.dtlsPrivateKeyFile,
  listenIp: media.listenIp,
  announcedAddresses: media.announcedAddresses,
  useWebRtcServer: media.useWebRtcServer,
  webRtcServerPort: media.webRtcServerPort,
  rtcMinPort: media.rtcMinPort,
  rtcMaxPort: media.rtcMaxPort,
  initialAvailableOutgoingBitrate: media.initialOutgoingBitrate,
  minOutgoingBitrate: media.minOutgoingBitrate,
  maxSctpMessageSize: media.maxSctpMessageBytes,
  measureEveryMs: media.measureEverySeconds * 1000,
});

export const registrySettings = ({ media, rooms }: Config, accessMode: AccessMode): RegistrySettings => ({
  maxRooms: rooms.maxRooms,
  maxConsumerReplicas: rooms.maxConsumerReplicas,
  accessMode,
  maxIncomingBitrate: media.maxIncomingBitrate,
  connectWithinMs: rooms.connectSeconds * 1000,
  limits: {
    maxPeers: rooms.maxPeers,
    maxTransportsPerPeer: rooms.maxTransportsPerPeer,
    maxProducersPerPeer: rooms.maxProducersPerPeer,
    maxDataProducersPerPeer: rooms.maxDataProducersPerPeer,
    maxFileBytes: rooms.maxFileBytes,
    maxFilesPerPeer: rooms.maxFilesPerPeer,
    chatHistory: rooms.chatHistory,
    loudestSpeakers: rooms.loudestSpeakers,
  },
});

export const sessionSettings = (
  { media, rooms }: Config,
  versions: { serverVersion: string; mediasoupVersion: string },
): SessionSettings => ({
  ...versions,
  iceServers: [],
  maxIncomingBitrate: media.maxIncomingBitrate,
  graceMs: rooms.graceSeconds * 1000,
  reconnectingAfterMs: rooms.reconnectingAfterSeconds * 1000,
  iceConsentTimeoutMs: rooms.iceConsentTimeoutSeconds * 1000,
  patience: {
    firstMessageMs: rooms.firstMessageSeconds * 1000,
    joinMs: rooms.joinSeconds * 1000,
    lobbyMs: rooms.lobbySeconds * 1000,
  },
  standbyAfterMs: rooms.standby && media.workers > 1 ? standbyAfterMs : undefined,
});

/** Long enough not to be in the way of those who enter. */
const standbyAfterMs = 1500;

export const upgradeOptions = ({ https, sockets }: Config): UpgradeOptions => ({
  maxMessageBytes: sockets.maxMessageBytes,
  maxQueuedBytes: sockets.maxQueuedBytes,
  messageBurst: sockets.messageBurst,
  messagesPerSecond: sockets.messagesPerSecond,
  pingAfterMs: sockets.pingAfterSeconds * 1000,
  pongWithinMs: sockets.pongWithinSeconds * 1000,
  maxSockets: sockets.maxSockets,
  maxSocketsPerAddress: sockets.maxSocketsPerAddress,
  allowedOrigins: https.allowedOrigins,
});

export const broadcastingSettings = (
  { broadcasters, rooms }: Config,
  accessMode: AccessMode,
): BroadcastingSettings => ({
  maxPerRoom: broadcasters.maxPerRoom,
  maxConsumers: broadcasters.maxConsumers,
  idleMs: broadcasters.idleSeconds * 1000,
  // Scripts for the mediasoup demo know no secrets, and run on open servers only.
  requireSecret: broadcasters.requireSecret || accessMode !== 'open',
  iceConsentTimeoutMs: rooms.iceConsentTimeoutSeconds * 1000,
});

/** What `access.mode` is decided by: every address that is listened on or told to clients. */
export const reachFacts = ({ https, media }: Config, ownAddresses: readonly string[]): ReachFacts => {
  const heard = [https.listenIp, media.listenIp].flatMap((ip) =>
    ip === '::' || ip === '0.0.0.0' ? ownAddresses : [ip],
  );
  return {
    addresses: [...heard, ...media.announcedAddresses.filter((host) => isIP(host) !== 0)],
    hosts: [...media.announcedAddresses, https.domain ?? []].flat().filter((host) => isIP(host) === 0),
    behindProxy: https.trustedProxies.length > 0,
  };
};

/** Every port that media come in on and go out from. */
export const mediaPorts = ({ media }: Config): { min: number; max: number }[] => [
  { min: media.rtcMinPort, max: media.rtcMaxPort },
  ...(media.useWebRtcServer ? [{ min: media.webRtcServerPort, max: media.webRtcServerPort + media.workers - 1 }] : []),
];
