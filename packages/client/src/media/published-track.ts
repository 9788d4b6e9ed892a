import type { AppError } from '@potluck/kernel';
import type { PublishedTrack } from '../verbs.ts';
import type { Publication } from './publication.ts';

/** A publication as its program sees it. */
export const publishedTrack = (publication: Publication): PublishedTrack => ({
  source: publication.source,
  get producerId() {
    return publication.producerId;
  },
  get track() {
    return publication.track;
  },
  get muted() {
    return publication.paused;
  },
  get closed() {
    return publication.closed;
  },
  mute: () => publication.setPaused(true),
  unmute: () => publication.setPaused(false),
  replaceTrack: (track) => publication.setTrack(track),
  stop: () => publication.close(),
});

/** Resolves when the server has taken it, rejects when it has not. */
export function untilPublished(publication: Publication): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const off = [
    publication.events.on('changed', () => publication.producerId !== undefined && resolve()),
    publication.events.on('failed', (error: AppError) => reject(error)),
  ];
  return promise.finally(() => off.forEach((forget) => forget()));
}
