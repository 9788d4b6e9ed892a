/** What happened, as two soft notes or one: up for coming, down for going. */
const tunes = { joined: [523.25, 783.99], left: [783.99, 523.25], message: [659.25] } as const;
export type Tune = keyof typeof tunes;

const restMs = 1500;
const loudness = 0.06;
const noteSeconds = 0.14;

/** Plays short tunes, one after another, never many. Close it to free the sound device. */
export class Chime {
  #context: AudioContext | undefined;
  #playedAt = -Infinity;

  play(tune: Tune, now = performance.now()): void {
    if (now - this.#playedAt < restMs) return;
    this.#playedAt = now;
    this.#context ??= new AudioContext();
    const { destination, currentTime } = this.#context;
    tunes[tune].forEach((frequency, index) => {
      const context = this.#context!;
      const start = currentTime + 0.02 + index * noteSeconds;
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(loudness, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0005, start + 2 * noteSeconds);
      tone.connect(volume).connect(destination);
      tone.start(start);
      tone.stop(start + 2 * noteSeconds);
    });
  }

  close(): void {
    this.#context?.close().catch(() => {});
    this.#context = undefined;
  }
}
