import type { LocalTrackState, ParticipantState, ProducerId, RemoteTrackState, RoomState } from '@potluck/client';

/** One picture on the table: a person, or a screen that a person shows. */
export type Tile = {
  readonly key: string;
  readonly peerId: string;
  readonly name: string;
  readonly kind: 'person' | 'screen';
  readonly self: boolean;
  /** What to draw; undefined while the camera is off or the picture has not arrived. */
  readonly track: MediaStreamTrack | undefined;
  /** Of a remote picture: what to ask the server for. */
  readonly producerId: ProducerId | undefined;
  /** `off`: no picture is sent. `waiting`: it is sent but not here yet. */
  readonly picture: 'on' | 'off' | 'waiting';
  /** No sound is sent by this person. Undefined for screens. */
  readonly silent: boolean | undefined;
  readonly handRaisedAt: number | undefined;
  readonly reconnecting: boolean;
  readonly score: number | undefined;
  /** Encrypted end to end, and not with our key; or not at all, and we have one. */
  readonly locked: boolean;
};

/** Everyone's tiles: screens first, then the own one, then the others in the order in which they came. */
export function tilesOf(state: Pick<RoomState, 'me' | 'participants'>): Tile[] {
  const screens: Tile[] = [];
  const people: Tile[] = [ownTile(state.me)];
  for (const participant of state.participants) {
    const videos = participant.tracks.filter((track) => track.kind === 'video');
    const camera = videos.find((track) => track.source !== 'screen');
    people.push(personTile(participant, camera));
    const others = videos.filter((video) => video !== camera);
    others.forEach((video, place) => screens.push(screenTile(participant, video, place)));
  }
  if (state.me.screen.kind === 'on') screens.push(ownScreen(state.me, state.me.screen));
  return [...screens, ...people];
}

function personTile(participant: ParticipantState, camera: RemoteTrackState | undefined): Tile {
  const sounds = participant.tracks.filter((track) => track.kind === 'audio' && track.source !== 'screen-audio');
  return {
    ...common(participant),
    ...remotePicture(camera),
    key: participant.id,
    kind: 'person',
    silent: sounds.every((track) => track.paused),
    locked: [camera, ...sounds].some((track) => track?.encryption === 'locked'),
  };
}

/** Known by its place among the participant's own: a producer that moves to another worker changes its id. */
function screenTile(participant: ParticipantState, video: RemoteTrackState, place: number): Tile {
  return {
    ...common(participant),
    ...remotePicture(video),
    key: `${participant.id} screen ${place}`,
    kind: 'screen',
    silent: undefined,
    handRaisedAt: undefined,
    locked: video.encryption === 'locked',
  };
}

function common(participant: ParticipantState) {
  return {
    peerId: participant.id,
    name: participant.displayName,
    self: false,
    handRaisedAt: participant.handRaisedAt,
    reconnecting: participant.connection === 'reconnecting',
  };
}

function remotePicture(video: RemoteTrackState | undefined): Pick<Tile, 'track' | 'producerId' | 'picture' | 'score'> {
  if (video === undefined || video.paused)
    return { track: undefined, producerId: video?.producerId, picture: 'off', score: undefined };
  // Awaited: what is not asked for any more would never be known to open again.
  if (video.encryption === 'locked')
    return { track: undefined, producerId: video.producerId, picture: 'waiting', score: undefined };
  const score = video.score && Math.min(video.score.own, video.score.producer || 10);
  return { track: video.track, producerId: video.producerId, picture: video.track ? 'on' : 'waiting', score };
}

function ownTile(me: RoomState['me']): Tile {
  const { camera, microphone } = me;
  const on = camera.kind === 'on' && !camera.muted;
  return {
    ...own(me),
    key: me.id,
    kind: 'person',
    track: on ? camera.track : undefined,
    picture: on ? 'on' : camera.kind === 'starting' ? 'waiting' : 'off',
    silent: !isSending(microphone),
    handRaisedAt: me.handRaisedAt,
  };
}

function ownScreen(me: RoomState['me'], screen: { track: MediaStreamTrack }): Tile {
  const key = `${me.id} screen`;
  return {
    ...own(me),
    key,
    kind: 'screen',
    track: screen.track,
    picture: 'on',
    silent: undefined,
    handRaisedAt: undefined,
  };
}

function own(me: RoomState['me']) {
  return {
    peerId: me.id,
    name: me.displayName,
    self: true,
    producerId: undefined,
    reconnecting: false,
    score: undefined,
    locked: false,
  };
}

/** Whether others hear or see this stream now. */
export const isSending = (local: LocalTrackState): boolean => local.kind === 'on' && !local.muted;
