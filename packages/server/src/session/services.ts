import type { IceServer, RoomId } from '@potluck/protocol';
import type { Patience } from './patience.ts';

/** What sessions need beside rooms. */
export type SessionServices = {
  readonly settings: SessionSettings;
  /** Slows the host's network for tests; absent when no secret is configured. */
  readonly throttle: NetworkThrottle | undefined;
};

export type SessionSettings = {
  readonly serverVersion: string;
  readonly mediasoupVersion: string;
  readonly iceServers: readonly IceServer[];
  /** Bits per second that one transport may receive from a client; 0 for no limit. */
  readonly maxIncomingBitrate: number;
  /** How long a peer of our own client stays without a socket, in milliseconds. */
  readonly graceMs: number;
  /** After how long others are told that it is reconnecting, in milliseconds. */
  readonly reconnectingAfterMs: number;
  readonly iceConsentTimeoutMs: number;
  /** `undefined`: endless. */
  readonly patience?: Patience | undefined;
  /** Peers of our own client get idle transports on another worker so long after entering; `undefined`: never. */
  readonly standbyAfterMs?: number | undefined;
};

export type ThrottleOptions = {
  readonly uplink?: number;
  readonly downlink?: number;
  readonly rtt?: number;
  readonly packetLoss?: number;
};

/** Rejects with `forbidden` for a wrong secret. What a room began ends with it. */
export type NetworkThrottle = {
  apply(roomId: RoomId, secret: string, options: ThrottleOptions): Promise<void>;
  reset(roomId: RoomId, secret: string): Promise<void>;
};
