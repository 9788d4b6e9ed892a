/** `marker`: the last of its frame. `key`: the first of a key frame. */
export type FramePacket = { readonly sequence: number; readonly marker: boolean; readonly key: boolean };

/** As browsers count: a gap is a freeze when it is longer than three frames usually take, and by 150 ms. */
const freezeFactor = 3;
const freezeMs = 150;
const remembered = 30;

/** Counts the frames of a video that a decoder could show: whole, and after a key frame. */
export class FrameWatch {
  frames = 0;
  keyFrames = 0;
  freezes = 0;
  /** Milliseconds of all freezes together. */
  frozenMs = 0;
  /** A frame was lost: nothing can be shown before the next key frame. */
  wantsKey = true;
  firstFrameAt: number | undefined;
  #lastFrameAt: number | undefined;
  #next: number | undefined;
  #markers: number[] = [];
  #keys: number[] = [];
  #gaps: number[] = [];
  #damagedUpTo = -1;

  take({ sequence, marker, key }: FramePacket): void {
    this.#next ??= sequence;
    if (sequence < this.#next) return;
    if (key) this.#keys.push(sequence);
    if (!marker) return;
    this.#markers.push(sequence);
    if (this.#markers.length > 1) this.#markers.sort((a, b) => a - b);
  }

  /** A packet of it will never come. */
  damage(sequence: number): void {
    if (this.#next !== undefined && sequence >= this.#next) this.wantsKey = true;
    this.#damagedUpTo = Math.max(this.#damagedUpTo, sequence);
  }

  /** Shows what has become whole. `whole`: whether nothing is missing from one number to another. */
  settle(whole: (from: number, to: number) => boolean, nowMs: number): void {
    while (this.#next !== undefined && this.#markers[0] !== undefined && whole(this.#next, this.#markers[0])) {
      const from = this.#next;
      const to = this.#markers.shift()!;
      this.#next = to + 1;
      const key = this.#keys.some((sequence) => sequence >= from && sequence <= to);
      this.#keys = this.#keys.filter((sequence) => sequence > to);
      const damaged = this.#damagedUpTo >= from;
      if (key && !damaged) {
        this.wantsKey = false;
        this.keyFrames += 1;
      }
      if (!this.wantsKey && !damaged) this.#show(nowMs);
    }
  }

  /** How long nothing has been shown, if that is a freeze. */
  frozenFor(nowMs: number): number {
    if (this.#lastFrameAt === undefined) return 0;
    const gap = nowMs - this.#lastFrameAt;
    return this.#isFreeze(gap) ? gap : 0;
  }

  #show(nowMs: number): void {
    this.frames += 1;
    this.firstFrameAt ??= nowMs;
    const gap = nowMs - (this.#lastFrameAt ?? nowMs);
    if (this.#isFreeze(gap)) {
      this.freezes += 1;
      this.frozenMs += gap;
    } else if (this.#lastFrameAt !== undefined) {
      this.#gaps.push(gap);
      if (this.#gaps.length > remembered) this.#gaps.shift();
    }
    this.#lastFrameAt = nowMs;
  }

  #isFreeze(gap: number): boolean {
    if (this.#gaps.length < 5) return gap > 1_000;
    const usual = this.#gaps.reduce((sum, one) => sum + one, 0) / this.#gaps.length;
    return gap > Math.max(freezeFactor * usual, usual + freezeMs);
  }
}
