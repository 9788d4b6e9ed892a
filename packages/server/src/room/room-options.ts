import type { Clock } from '@potluck/kernel';
import type { Device, RoomId, RtpCapabilities } from '@potluck/protocol';
import type { RoomRecord } from '../store/room-record.ts';
import type { AccessMode } from './access-mode.ts';
import type { Standing } from './policy.ts';

export type RoomOptions = {
  readonly id: RoomId;
  readonly accessMode: AccessMode;
  /** Extra consumers per producer for every peer, for load tests. */
  readonly consumerReplicas: number;
  readonly limits: RoomLimits;
  /** What was kept of it before a restart. */
  readonly kept?: RoomRecord | undefined;
  readonly clock?: Clock;
};

export type JoinRoomOptions = {
  readonly displayName: string | undefined;
  readonly device: Device;
  readonly rtpCapabilities: RtpCapabilities | undefined;
  /** Whether it receives data channels. */
  readonly sctp: boolean;
  readonly standing: Standing;
  /** See `enter` in the protocol. */
  readonly firstVideos?: number | undefined;
  /** Raised before a restart. */
  readonly handRaisedAt?: number | undefined;
};

export type RoomLimits = {
  readonly maxPeers: number;
  readonly maxTransportsPerPeer: number;
  readonly maxProducersPerPeer: number;
  readonly maxDataProducersPerPeer: number;
  /** Bytes. */
  readonly maxFileBytes: number;
  /** Offered at the same time. */
  readonly maxFilesPerPeer: number;
  readonly chatHistory: number;
  /** Microphones that are forwarded at once to clients of our own. */
  readonly loudestSpeakers: number;
};
