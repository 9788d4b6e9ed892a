/**
 * What a program sees of a call: plain, immutable state (`RoomState`) that a view can render, and events for what is
 * gone in a moment. `room.ts` holds the verbs.
 */
import type { AppError } from '@potluck/kernel';
import type { SharedFile } from './files/api.ts';
import type {
  ChatMessage,
  ConsumerLayers,
  Device,
  PeerId,
  Permission,
  ProducerId,
  Role,
  Source,
  Waiting,
} from '@potluck/protocol';
import type { types } from 'mediasoup-client';

export type JoinOptions = {
  roomId: string;
  displayName: string;
  /** Default: a random id. A second connection with the same id in a room replaces the first. */
  peerId?: string;
  device?: Device;
  /** Access token, where the server asks for one. */
  token?: string;
  /** Of the room, where it has one. Missing or wrong: joining rejects with `unauthorized`. */
  password?: string;
  /** Default true. False: no send transport, nothing can be published. */
  produce?: boolean;
  /** Default true. False: nothing is received. */
  consume?: boolean;
  /** Default true. False: no SCTP; `publishData` fails. Chat does not need it. */
  dataChannels?: boolean;
  /**
   * Before the first `setView`: at most so many videos are received; default: all. After one that has all there are: a new video is received
   * at once, before `setView` says so, as long as there are no more than so many; default: 0.
   */
  firstVideos?: number;
  /** Default false. ICE over TCP only. */
  forceTcp?: boolean;
  /** Extra consumers per producer, for load tests; decided by whoever opens the room. */
  consumerReplicas?: number;
  /** Starts the microphone with the call: its track is published in the first round trip. Ask for the device beforehand and pass `track` to be fastest. */
  microphone?: boolean | MicrophoneOptions;
  /** Starts the camera with the call. */
  camera?: boolean | CameraOptions;
  /** Sound and picture are encrypted end to end: the server cannot hear or see them. */
  encryption?: EncryptionOptions;
  /** Ends the attempt; `join` then rejects with `unavailable`. */
  signal?: AbortSignal;
  /** WebRTC classes and WebSocket for Node; browsers bring their own. */
  runtime?: Runtime;
};

/**
 * Whoever is to hear and see has to join with the same `key`, any words. Video goes as VP8. Browsers without
 * RTCRtpScriptTransform reject with `unsupported`, and nothing is ever sent in the clear.
 */
export type EncryptionOptions = {
  key: string;
  /** Makes a worker that runs `serveFrameTransforms(self)` of `@potluck/client/encryption-worker`. */
  worker: () => Worker;
};

/** Turns a captured track into the one that is sent: noise suppression, background blur. */
export type TrackProcessor = (track: MediaStreamTrack) => Promise<ProcessedTrack>;
export type ProcessedTrack = {
  readonly track: MediaStreamTrack;
  /** Frees what the processor holds. It need not stop the captured track. */
  close(): void;
};

export type VideoCodecName = 'VP8' | 'VP9' | 'H264' | 'AV1';

/** How a video is encoded. */
export type EncodingOptions = {
  /** Default: the first that both the room and this browser have, VP8 as a rule. */
  codec?: VideoCodecName;
  /** 1 to 3. Default 3 for cameras with VP8 and H264, 1 elsewhere. More than 1 for a screen sends a small copy too. */
  numSimulcastStreams?: number;
  /** W3C WebRTC-SVC mode such as `L1T3` or `L3T3_KEY`; with AV1 only `L1T1` to `L1T3`. Default by codec and source. */
  scalabilityMode?: string;
  /** Bits per second of all layers together. Default by resolution. */
  maxBitrate?: number;
};

type LocalSourceOptions = {
  /** Default: the system's. A device that is not there is replaced by the default one. */
  deviceId?: string;
  /** Publishes this track instead of opening a device. It stays the caller's: it is never stopped here. */
  track?: MediaStreamTrack;
  processor?: TrackProcessor;
  /** Default false. True: published, but silent until `unmute()`. */
  muted?: boolean;
};

export type MicrophoneOptions = LocalSourceOptions & {
  /** All default to true. */
  echoCancellation?: boolean;
  noiseSuppression?: boolean;
  autoGainControl?: boolean;
  /** Default false: speech, mono. True: 48 kHz stereo without the browser's processing, for music. */
  music?: boolean;
};

export type CameraOptions = LocalSourceOptions &
  EncodingOptions & {
    /** Phones: `user` (default) or `environment`. */
    facingMode?: 'user' | 'environment';
    /** Wanted, in pixels; the camera may give less. Default 1280 × 720. */
    width?: number;
    height?: number;
    /** Frames per second. Default 30. */
    frameRate?: number;
  };

export type ScreenOptions = EncodingOptions & {
  /** Default true: sound of the shared tab or system, where the browser and the user allow it. */
  audio?: boolean;
  /** Frames per second, at most. Default 15 for `detail`, 30 for `motion`. */
  frameRate?: number;
  /** Default `detail`: text stays sharp. `motion`: for films. */
  content?: 'detail' | 'motion';
  /** Publishes these tracks instead of asking the user. */
  track?: MediaStreamTrack;
  audioTrack?: MediaStreamTrack;
};

export type PublishOptions = EncodingOptions & {
  /** Default `other`. */
  source?: Source;
  /** For the receivers, at most 4096 characters of JSON. */
  appData?: { [name: string]: unknown };
};

export type DataOptions = {
  /** Default true. */
  ordered?: boolean;
  /** Milliseconds after which a message is given up. */
  maxPacketLifeTime?: number;
  /** Times a lost message is sent again. At most one of the two limits. */
  maxRetransmits?: number;
  protocol?: string;
  /** Peer ids of who alone gets it; absent: everyone. `not_found` when one of them is not there. */
  to?: readonly string[];
  /** For the receivers, at most 4096 characters of JSON. */
  appData?: { [name: string]: unknown };
};

/** What Node does not have. Pass `@roamhq/wrtc` or the like. */
export type Runtime = {
  WebSocket?: new (url: string, protocols?: string | string[]) => WebSocket;
  /** Asks why a WebSocket was refused. Default: the global one. */
  fetch?: typeof fetch;
  /** mediasoup-client's name of the engine, such as `Chrome111`. */
  handlerName?: string;
  /** In its place: an engine of your own, as mediasoup-client's `Device` takes one. */
  handlerFactory?: types.HandlerFactory;
  RTCPeerConnection?: unknown;
  MediaStream?: unknown;
  MediaStreamTrack?: unknown;
  mediaDevices?: MediaDevices;
};

export type ConnectionState =
  /** `inLobby`: somebody in the room has to let us in. */
  | { kind: 'joining'; inLobby?: true }
  | { kind: 'connected' }
  /** The signalling socket or the media path is being recovered; `attempt` counts from 1. */
  | { kind: 'reconnecting'; what: 'signalling' | 'media'; attempt: number; since: number }
  | { kind: 'ended'; reason: EndedReason; message: string };

/** Each needs other words and another way out on screen. */
export type EndedReason =
  | 'left'
  | 'kicked'
  /** Put out, and not let in again while the room lasts. */
  | 'banned'
  /** Waited in the lobby and was refused. */
  | 'denied'
  /** The room has a password: none was given, or a wrong one. */
  | 'passwordNeeded'
  /** This server lets in only who has a token. */
  | 'tokenNeeded'
  | 'tokenExpired'
  | 'tokenForOtherRoom'
  /** The token is not valid here, for another reason than these. */
  | 'tokenRefused'
  | 'locked'
  /** As many are in the room as may be. */
  | 'full'
  /** Too many tries from this address; later it goes. */
  | 'rateLimited'
  /** The server is there and takes nobody at the moment. */
  | 'busy'
  | 'replaced'
  | 'roomClosed'
  | 'serverStopping'
  | 'unreachable'
  | 'refused'
  | 'unsupported'
  | 'internal';

/** An own stream. `muted`: still published, sends silence or nothing. `track` is what a preview shows. */
export type LocalTrackState =
  | { kind: 'off' }
  | { kind: 'starting' }
  | {
      kind: 'on';
      track: MediaStreamTrack;
      muted: boolean;
      deviceId: string | undefined;
      producerId: ProducerId | undefined;
    }
  | { kind: 'failed'; error: CaptureError };

/** Why a device gives nothing, in words that a program can act on. */
export type CaptureError = {
  code:
    | 'denied'
    | 'notFound'
    | 'busy'
    | 'overconstrained'
    | 'insecure'
    | 'unsupported'
    | 'cancelled'
    | 'publishFailed'
    | 'encodingUnsupported'
    | 'unknown';
  message: string;
};

export type LocalState = {
  readonly id: PeerId;
  readonly displayName: string;
  readonly handRaisedAt: number | undefined;
  readonly role: Role;
  /** What the server lets us do now. Show no button for the rest. */
  readonly permissions: readonly Permission[];
  readonly microphone: LocalTrackState;
  readonly camera: LocalTrackState;
  readonly screen: LocalTrackState;
  readonly screenAudio: LocalTrackState;
};

export type RemoteTrackState = {
  readonly producerId: ProducerId;
  readonly source: Source;
  readonly kind: 'audio' | 'video';
  /** Muted by its sender. */
  readonly paused: boolean;
  /** Set while it is received. Of more than twelve microphones (the server's `rooms.loudestSpeakers`) those that spoke last are. */
  readonly track: MediaStreamTrack | undefined;
  /** 0 (bad) to 10: how well this client receives it; the sender's own part beside it. */
  readonly score: { own: number; producer: number } | undefined;
  readonly layers: ConsumerLayers | undefined;
  /**
   * `undefined`: not encrypted end to end. `opened`: it is, and we have the key. `locked`: it is encrypted with another
   * key, or we have none, or we have one and it is not encrypted at all.
   */
  readonly encryption?: 'opened' | 'locked' | undefined;
};

export type ParticipantState = {
  readonly id: PeerId;
  readonly displayName: string;
  readonly device: Device;
  readonly kind: 'peer' | 'broadcaster';
  readonly role: Role;
  readonly joinedAt: number;
  readonly connection: 'connected' | 'reconnecting';
  readonly handRaisedAt: number | undefined;
  /** In the order in which they were published. */
  readonly tracks: readonly RemoteTrackState[];
};

export type RoomState = {
  readonly roomId: string;
  readonly connection: ConnectionState;
  readonly me: LocalState;
  /** Others, in the order in which they joined. */
  readonly participants: readonly ParticipantState[];
  readonly chat: readonly ChatMessage[];
  /** In the order in which they were offered; also those that can no longer be had. */
  readonly files: readonly SharedFile[];
  readonly activeSpeaker: PeerId | undefined;
  /** Volume in dBov (-127 to 0) of everyone who speaks now, loudest first. */
  readonly speaking: readonly { readonly peerId: PeerId; readonly volume: number }[];
  /** Estimated bits per second to this client. */
  readonly downlink: number | undefined;
  /** Server time minus local time, in milliseconds. */
  readonly clockOffset: number;
  readonly rules: { readonly locked: boolean; readonly passwordSet: boolean };
  /** Who waits to be let in; empty for those who may not admit. */
  readonly lobby: readonly Waiting[];
};

export type RoomEvents = {
  reactionShown: [reaction: { peerId: PeerId; emoji: string }];
  chatReceived: [message: ChatMessage];
  /** Somebody else offers a file. */
  fileOffered: [file: SharedFile];
  participantJoined: [participant: ParticipantState];
  participantLeft: [participant: ParticipantState];
  /** A text or binary message of somebody's data channel. */
  dataReceived: [message: { peerId: PeerId | undefined; label: string; data: string | ArrayBuffer }];
  /** A moderator muted our microphone, or stopped our camera or screen. It has been done here already. */
  mutedByModerator: [{ by: PeerId; source: Source }];
  /** A moderator asks us to switch something on. */
  unmuteAsked: [{ by: PeerId; source: Source }];
  /** Something failed that the call survives. */
  warned: [error: AppError];
  ended: [ended: { reason: EndedReason; message: string }];
};

/** What the view shows of one remote video, in device pixels. */
export type ShownVideo = { producerId: ProducerId; width: number; height: number };

/** One reading of one stream, sent or received. Rates are over the time since the reading before. */
export type StreamStats = {
  readonly direction: 'send' | 'receive';
  readonly peerId: PeerId;
  readonly source: Source;
  readonly kind: 'audio' | 'video';
  readonly codec: string | undefined;
  /** Bits per second. */
  readonly bitrate: number;
  /** 0 to 1. */
  readonly loss: number;
  /** Milliseconds. */
  readonly roundTripTime: number | undefined;
  readonly jitter: number | undefined;
  readonly framesPerSecond: number | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly limitedBy: 'none' | 'cpu' | 'bandwidth' | 'other' | undefined;
};
