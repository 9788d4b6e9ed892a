import type { DataProducerId, MediaKind, PeerId, ProducerId, Source, TransportId } from '@potluck/protocol';

/** A track that somebody sends into the room. */
export type Publication = {
  readonly id: ProducerId;
  readonly peerId: PeerId;
  readonly transportId: TransportId;
  readonly kind: MediaKind;
  readonly type: 'simple' | 'simulcast' | 'svc';
  /** Of its codec, in lower case, like `video/vp8`. */
  readonly mimeType: string;
  readonly source: Source;
  readonly appData: { readonly [name: string]: unknown };
  paused: boolean;
  /** It goes on as another one, which is to be received in its place. */
  superseded?: true;
  /** It goes on from this one: its receivers are there already. */
  follows?: ProducerId;
};

/** A data channel that somebody sends into the room. */
export type DataPublication = {
  readonly id: DataProducerId;
  /** Whose messages these are; `undefined` for the bot. */
  readonly peerId: PeerId | undefined;
  /** Absent for channels that the server itself sends. */
  readonly transportId: TransportId | undefined;
  readonly label: string;
  readonly protocol: string;
  readonly appData: { readonly [name: string]: unknown };
  /** Who alone gets it; `undefined` for everyone. Shrinks as they leave. */
  readonly to?: Set<PeerId> | undefined;
};

const sources: readonly unknown[] = ['microphone', 'camera', 'screen', 'screen-audio', 'other'] satisfies Source[];
const isSource = (value: unknown): value is Source => sources.includes(value);

/** What a track shows: own clients say it, v3 clients mark screens with `share`. */
export function sourceOf(kind: MediaKind, appData: { readonly [name: string]: unknown }): Source {
  if (isSource(appData['source'])) return appData['source'];
  if (appData['share'] === true) return kind === 'video' ? 'screen' : 'screen-audio';
  return kind === 'video' ? 'camera' : 'microphone';
}
