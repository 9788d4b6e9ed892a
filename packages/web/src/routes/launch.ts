/** What the address bar asks for. The only place that reads URL parameters. */

/** The parameters of the demo's app that change how a call is made. Absent means: as usual. */
export type LaunchOptions = {
  peerId?: string;
  token?: string;
  produce: boolean;
  consume: boolean;
  dataChannels: boolean;
  forceTcp: boolean;
  /** Extra consumers per producer; only whoever opens the room decides. */
  consumerReplicas?: number;
  codec?: VideoCodec;
  webcamLayers: boolean;
  sharingLayers: boolean;
  webcamScalabilityMode?: string;
  sharingScalabilityMode?: string;
  numSimulcastStreams?: number;
  /** Plays a clip in place of camera and microphone. */
  externalVideo: boolean;
  /** Draws boxes around faces, where the browser can find them. */
  faceDetection: boolean;
  /** Sound and picture are encrypted end to end with it. Belongs into the fragment, which no server sees. */
  e2eKey?: string;
  throttleSecret?: string;
  /** Origin of the page that this one is a frame of: it may control the call. */
  embed?: string;
  /** Opens the statistics with the call. */
  info: boolean;
  /** Puts the state of the call on `window.__potluck`, for tests. */
  debug: boolean;
};

export type VideoCodec = 'vp8' | 'vp9' | 'h264' | 'av1';

export type Launch =
  /** `token`: an invitation to whatever room is chosen here. */
  | { kind: 'home'; token: string | undefined }
  /** `displayName` in the link means: join at once, without the preview. */
  | { kind: 'room'; roomId: string; displayName: string | undefined; options: LaunchOptions };

const roomPath = /^\/r\/([^/]+)\/?$/;

export function parseLaunch(url: URL): Launch {
  const query = url.searchParams;
  const roomId = query.get('roomId')?.trim() || roomIdOfPath(url.pathname);
  if (!roomId) return { kind: 'home', token: tokenIn(url) };
  const displayName = query.get('displayName')?.trim() || undefined;
  const e2eKey = new URLSearchParams(url.hash.slice(1)).get('e2eKey') || query.get('e2eKey') || undefined;
  return { kind: 'room', roomId, displayName, options: parseOptions(query, { token: tokenIn(url), e2eKey }) };
}

/** In the fragment, which no server and no other page gets to see; old links have it in the query. */
export const tokenIn = ({ hash, searchParams }: URL): string | undefined =>
  new URLSearchParams(hash.slice(1)).get('token') || searchParams.get('token') || undefined;

function parseOptions(
  query: URLSearchParams,
  { token, e2eKey }: { token: string | undefined; e2eKey: string | undefined },
): LaunchOptions {
  const text = (name: string) => query.get(name) || undefined;
  const on = (name: string) => ['true', '1', ''].includes(query.get(name) ?? 'false');
  const notOff = (name: string) => !['false', '0'].includes(query.get(name) ?? 'true');
  const codec = (['VP8', 'VP9', 'H264', 'AV1'] as const).find((name) => on(`force${name}`));
  const peerId = text('peerId');
  const consumerReplicas = wholeNumber(text('consumerReplicas'), 0, 100);
  const numSimulcastStreams = wholeNumber(text('numSimulcastStreams'), 1, 3);
  const webcamScalabilityMode = text('webcamScalabilityMode');
  const sharingScalabilityMode = text('sharingScalabilityMode');
  const throttleSecret = text('throttleSecret');
  const embed = originOf(text('embed'));
  return {
    produce: notOff('produce'),
    consume: notOff('consume'),
    dataChannels: notOff('datachannel'),
    forceTcp: on('forceTcp'),
    webcamLayers: notOff('enableWebcamLayers'),
    sharingLayers: notOff('enableSharingLayers'),
    externalVideo: on('externalVideo'),
    faceDetection: on('faceDetection'),
    info: on('info'),
    debug: on('debug'),
    ...(peerId !== undefined && { peerId }),
    ...(token !== undefined && { token }),
    ...(consumerReplicas !== undefined && { consumerReplicas }),
    ...(codec !== undefined && { codec: codec.toLowerCase() as VideoCodec }),
    ...(webcamScalabilityMode !== undefined && { webcamScalabilityMode }),
    ...(sharingScalabilityMode !== undefined && { sharingScalabilityMode }),
    ...(numSimulcastStreams !== undefined && { numSimulcastStreams }),
    ...(e2eKey !== undefined && { e2eKey }),
    ...(throttleSecret !== undefined && { throttleSecret }),
    ...(embed !== undefined && { embed }),
  };
}

/** The page of a room, and what is sent to invite somebody. Of the options only the key goes along: without it nobody sees anything. */
export function roomLink(roomId: string, origin: string, e2eKey?: string): string {
  const fragment = e2eKey === undefined ? '' : `#${new URLSearchParams({ e2eKey }).toString()}`;
  return `${origin}/r/${encodeURIComponent(roomId)}${fragment}`;
}

/** The same address with the key moved from the query, which servers see and log, to the fragment. */
export function withKeyInFragment(href: string): string {
  const url = new URL(href);
  const key = url.searchParams.get('e2eKey');
  if (key === null) return href;
  url.searchParams.delete('e2eKey');
  const fragment = new URLSearchParams(url.hash.slice(1));
  if (key !== '' && !fragment.has('e2eKey')) fragment.set('e2eKey', key);
  url.hash = fragment.toString();
  return url.href;
}

/** The page of a room for oneself: an own token goes along. */
export function ownRoomPath(roomId: string, token: string | undefined): string {
  return `${roomLink(roomId, '')}${token === undefined ? '' : `#${new URLSearchParams({ token }).toString()}`}`;
}

/** What somebody typed or pasted as a room: a name, or any link to one. */
export function roomIdOf(typed: string): string | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  if (!/^https?:\/\//i.test(text)) return text.slice(0, 128);
  const launch = URL.canParse(text) ? parseLaunch(new URL(text)) : undefined;
  return launch?.kind === 'room' ? launch.roomId : undefined;
}

function roomIdOfPath(path: string): string | undefined {
  const encoded = roomPath.exec(path)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

function wholeNumber(text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined || !/^\d{1,6}$/.test(text)) return undefined;
  return Math.min(max, Math.max(min, Number(text)));
}

const originOf = (text: string | undefined): string | undefined =>
  text !== undefined && /^https?:/.test(text) && URL.canParse(text) ? new URL(text).origin : undefined;
