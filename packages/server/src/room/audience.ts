import type { ConsumerLayers, PeerId, ProducerId } from '@potluck/protocol';
import { needsFloor } from './floor.ts';
import type { DataPublication, Publication } from './publication.ts';

/** Decides who should receive what. Knows no mediasoup, sends nothing. */

type Size = { readonly width: number; readonly height: number };

/** What a client shows of others' video, in device pixels. `undefined` in a listener means: everything. */
export type View = {
  readonly audio: boolean;
  readonly video: ReadonlyMap<ProducerId, Size>;
  /** All videos that there were when it was said, if all of them are in it. See `shownWhole`. */
  readonly whole?: ReadonlySet<ProducerId> | undefined;
};

export type Listener = {
  readonly peerId: PeerId;
  readonly view: View | undefined;
  /** While there is no view, or one of all that there was when it was said: at most so many videos. */
  readonly firstVideos?: number | undefined;
  /** Microphones that are forwarded; `undefined`: all. */
  readonly floor?: ReadonlySet<ProducerId> | undefined;
  /** Extra copies of each consumer, for load tests. */
  readonly replicas: number;
  /** About to receive on another transport: what goes on elsewhere is taken up there, and what it has is kept until then. */
  readonly leaving?: boolean | undefined;
  /** Chat comes by notices: the data channels named `chat` are not for this one. */
  readonly chatByNotice: boolean;
};

/** One consumer that should be there. `key` tells copies of one producer apart. */
export type Want = {
  readonly key: string;
  readonly producerId: ProducerId;
  readonly paused: boolean;
  /** `undefined`: the best that the path allows. */
  readonly layers: ConsumerLayers | undefined;
  /** 1 to 255: what comes first when the downlink is too narrow for all. `undefined`: left to the client. */
  readonly priority: number | undefined;
};

/** The consumers that a listener should have, of all that is published. `open` are the keys it has already. */
export function wantedMedia(
  listener: Listener,
  publications: Iterable<Publication>,
  open: { has(key: string): boolean },
): Map<string, Want> {
  const wants = new Map<string, Want>();
  let videos = 0;
  for (const publication of publications) {
    if (publication.peerId === listener.peerId) continue;
    if (publication.kind === 'video') videos += 1;
    // What goes on under another id has its place there, and flows here until then.
    if (needsFloor(publication) && listener.floor?.has(publication.id) === false && !publication.superseded) continue;
    const { follows } = publication;
    if (listener.leaving && follows !== undefined && open.has(follows) && !open.has(publication.id)) continue;
    const paused = !isShown(publication, listener, videos);
    for (let copy = 0; copy <= listener.replicas; copy++) {
      const key = copy === 0 ? publication.id : `${publication.id}#${copy}`;
      // What was never shown is not opened; what is no longer shown is kept, paused, for a quick return.
      if ((paused || publication.superseded) && !open.has(key)) continue;
      const size = sizeShown(publication, listener.view);
      const layers = shownLayers(publication, size);
      const priority = shownPriority(publication, size);
      wants.set(key, { key, producerId: publication.id, paused, layers, priority });
    }
  }
  return wants;
}

/** `place`: which of the videos it is, from 1 on. */
function isShown({ kind, id }: Publication, { view, firstVideos }: Listener, place: number): boolean {
  if (kind === 'audio') return view === undefined || view.audio;
  if (view === undefined) return place <= (firstVideos ?? Infinity);
  if (view.video.has(id)) return true;
  return view.whole !== undefined && !view.whole.has(id) && place <= (firstVideos ?? 0);
}

/**
 * Who shows all there is will show what comes next, as long as a first screen holds it: that need not wait until it has been drawn
 * there and the view is said again. The videos there are, if a view has them all.
 */
export function shownWhole(
  view: View,
  publications: Iterable<Publication>,
  peerId: PeerId,
): ReadonlySet<ProducerId> | undefined {
  const there = new Set<ProducerId>();
  for (const { kind, id, superseded, peerId: sender } of publications) {
    if (kind !== 'video' || sender === peerId || superseded === true) continue;
    if (!view.video.has(id)) return undefined;
    there.add(id);
  }
  return there;
}

/** Heights up to which a lower simulcast or SVC layer looks as good as the next: a quarter and a half of 720 lines, and a little. */
const lowLayerHeight = 200;
const middleLayerHeight = 400;

/** As the view says it; what comes next is taken to be as small as the smallest, for it makes the others smaller. */
function sizeShown({ id }: Publication, view: View | undefined): Size | undefined {
  const said = view?.video.get(id);
  if (said !== undefined || view?.whole?.has(id) !== false) return said;
  return [...view.video.values()].toSorted((a, b) => a.height - b.height)[0];
}

function shownLayers(publication: Publication, size: Size | undefined): ConsumerLayers | undefined {
  if (size === undefined || publication.type === 'simple' || publication.source === 'screen') return undefined;
  if (size.height <= lowLayerHeight) return { spatialLayer: 0 };
  return { spatialLayer: size.height <= middleLayerHeight ? 1 : 2 };
}

/** A shared screen before all faces: who shares wants it read. A large picture before small ones. */
function shownPriority(publication: Publication, size: Size | undefined): number | undefined {
  if (size === undefined) return undefined;
  if (publication.source === 'screen') return 200;
  if (size.height <= lowLayerHeight) return 1;
  return size.height <= middleLayerHeight ? 50 : 100;
}

/** The data channels that a listener should get: everyone else's and the server's, but what is said to others or to the bot alone. */
export function wantedData(listener: Listener, publications: Iterable<DataPublication>): DataPublication[] {
  return [...publications].filter(({ peerId, label, to }) => {
    if (peerId === listener.peerId || to?.has(listener.peerId) === false) return false;
    if (label === 'bot') return peerId === undefined;
    return !(label === 'chat' && listener.chatByNotice);
  });
}

/** The difference between what should be and what is. */
export function reconcile<Held>(desired: ReadonlyMap<string, Want>, actual: ReadonlyMap<string, Held>) {
  return {
    open: [...desired.values()].filter((want) => !actual.has(want.key)),
    close: [...actual].filter(([key]) => !desired.has(key)).map(([, held]) => held),
    keep: [...desired.values()].flatMap((want) => {
      const held = actual.get(want.key);
      return held === undefined ? [] : [{ want, held }];
    }),
  };
}
