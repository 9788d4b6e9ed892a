/** Every public name of the SDK, one by one. */
export { joinRoom, openRoom, Room } from './room.ts';
export type {
  CameraOptions,
  CaptureError,
  ConnectionState,
  DataOptions,
  EncodingOptions,
  EncryptionOptions,
  EndedReason,
  JoinOptions,
  LocalState,
  LocalTrackState,
  MicrophoneOptions,
  ParticipantState,
  ProcessedTrack,
  PublishOptions,
  RemoteTrackState,
  RoomEvents,
  RoomState,
  Runtime,
  ScreenOptions,
  ShownVideo,
  StreamStats,
  TrackProcessor,
  VideoCodecName,
} from './api.ts';
export type { NetworkConditions, NetworkThrottle } from './throttle.ts';
export type { Moderation } from './moderation.ts';
export type { FetchFailure, FetchState, FileFetch, RoomFiles, SharedFile } from './files/api.ts';
export { summarize } from './quality/stats.ts';
export type { LocalSource, PublishedData, PublishedTrack, ScreenShare } from './verbs.ts';
export {
  listDevices,
  permissionOf,
  pickDevice,
  watchDevices,
  type DeviceKind,
  type DeviceList,
} from './media/devices.ts';
export { captureCamera, captureMicrophone, captureScreen, type Captured } from './media/capture.ts';
export { AppError, type ErrorCode } from '@potluck/kernel';
export type {
  Banned,
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
