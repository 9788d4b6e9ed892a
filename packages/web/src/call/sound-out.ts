import type { ParticipantState } from '@potluck/client';
import { sendToSpeaker } from '../devices/speaker-test.ts';
import { createStore } from '../state/store.ts';

type Player = { readonly element: HTMLAudioElement; readonly track: MediaStreamTrack };
/** How long a track that takes the place of another may take to be heard, before that one is silenced. */
const overlapMs = 500;

/** Plays what the others say, each track by a hidden element. */
export class SoundOut {
  /** By participant and source: a track that moves to another worker goes on under another id. */
  readonly #players = new Map<string, Player>();
  readonly #home: HTMLElement;
  #speakerId: string | undefined;

  /** Whether the browser holds sound back until the user has clicked somewhere. */
  readonly blocked = createStore(false);

  constructor(home: HTMLElement = document.body) {
    this.#home = home;
  }

  /** Plays the audio tracks of these participants and no others. */
  play(participants: readonly ParticipantState[]): void {
    const wanted = new Map<string, MediaStreamTrack>();
    for (const { id, tracks } of participants) {
      for (const { kind, track, source, producerId } of tracks) {
        if (kind !== 'audio' || track === undefined) continue;
        const key = `${id} ${source}`;
        wanted.set(wanted.has(key) ? `${key} ${producerId}` : key, track);
      }
    }
    for (const [key, player] of this.#players) {
      const track = wanted.get(key);
      if (player.track === track) continue;
      this.#players.delete(key);
      if (track === undefined) this.#end(player);
      else this.#endAfter(this.#add(key, track), player);
    }
    for (const [key, track] of wanted) if (!this.#players.has(key)) this.#add(key, track);
  }

  async setSpeaker(speakerId: string | undefined): Promise<void> {
    this.#speakerId = speakerId;
    await Promise.all(Array.from(this.#players.values(), ({ element }) => sendToSpeaker(element, speakerId)));
  }

  /** Call it in a click. */
  unblock(): void {
    this.blocked.set(false);
    for (const { element } of this.#players.values()) this.#start(element);
  }

  close(): void {
    this.play([]);
  }

  #add(key: string, track: MediaStreamTrack): HTMLAudioElement {
    const element = document.createElement('audio');
    element.autoplay = true;
    element.hidden = true;
    element.srcObject = new MediaStream([track]);
    this.#home.append(element);
    this.#players.set(key, { element, track });
    if (this.#speakerId !== undefined) void sendToSpeaker(element, this.#speakerId);
    this.#start(element);
    return element;
  }

  /** Ends one when the next is heard: a player takes a moment to begin. */
  #endAfter(next: HTMLAudioElement, player: Player): void {
    const end = () => {
      clearTimeout(timer);
      next.removeEventListener('playing', end);
      this.#end(player);
    };
    const timer = setTimeout(end, overlapMs);
    next.addEventListener('playing', end);
  }

  #end({ element }: Player): void {
    element.srcObject = null;
    element.remove();
  }

  #start(element: HTMLAudioElement): void {
    element.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.blocked.set(true);
    });
  }
}
