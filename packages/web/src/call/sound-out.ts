import type { ParticipantState, ProducerId } from '@potluck/client';
import { sendToSpeaker } from '../devices/speaker-test.ts';
import { createStore } from '../state/store.ts';

/** Plays what the others say, each track by a hidden element. */
export class SoundOut {
  readonly #players = new Map<ProducerId, { element: HTMLAudioElement; track: MediaStreamTrack }>();
  readonly #home: HTMLElement;
  #speakerId: string | undefined;

  /** Whether the browser holds sound back until the user has clicked somewhere. */
  readonly blocked = createStore(false);

  constructor(home: HTMLElement = document.body) {
    this.#home = home;
  }

  /** Plays the audio tracks of these participants and no others. */
  play(participants: readonly ParticipantState[]): void {
    const wanted = new Map<ProducerId, MediaStreamTrack>();
    for (const { tracks } of participants) {
      for (const { kind, track, producerId } of tracks)
        if (kind === 'audio' && track !== undefined) wanted.set(producerId, track);
    }
    for (const [producerId, { element, track }] of this.#players) {
      if (wanted.get(producerId) === track) continue;
      element.srcObject = null;
      element.remove();
      this.#players.delete(producerId);
    }
    for (const [producerId, track] of wanted) if (!this.#players.has(producerId)) this.#add(producerId, track);
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

  #add(producerId: ProducerId, track: MediaStreamTrack): void {
    const element = document.createElement('audio');
    element.autoplay = true;
    element.hidden = true;
    element.srcObject = new MediaStream([track]);
    this.#home.append(element);
    this.#players.set(producerId, { element, track });
    if (this.#speakerId !== undefined) void sendToSpeaker(element, this.#speakerId);
    this.#start(element);
  }

  #start(element: HTMLAudioElement): void {
    element.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.blocked.set(true);
    });
  }
}
