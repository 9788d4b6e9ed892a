/**
 * @typedef {import('../../packages/engine/src/build.mjs').Progress} Progress
 * @typedef {{ isTTY?: boolean, columns?: number, write(text: string): unknown }} Output
 */

const redrawMs = 250;
const repeatMs = 10_000;

/**
 * Tells what is being done: on a terminal in one line that is drawn again in place, elsewhere by a line now and then.
 */
export class ProgressLine {
  /** @type {Output} */
  #output;
  /** @type {() => number} */
  #now;
  /** @type {Progress | undefined} */
  #progress;
  #prefix = '';
  #since = 0;
  #printedAt = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /**
   * @param {Output} [output]
   * @param {() => number} [now]
   */
  constructor(output = process.stdout, now = Date.now) {
    this.#output = output;
    this.#now = now;
  }

  /**
   * @param {number} step counted from 1
   * @param {number} steps
   */
  enterStep(step, steps) {
    this.#prefix = `[${step}/${steps}] `;
    this.#timer ??= setInterval(() => this.#redraw(), this.#output.isTTY ? redrawMs : 1_000);
    this.#timer.unref();
  }

  /** @param {Progress} progress */
  report(progress) {
    const isNew = progress.what !== this.#progress?.what;
    if (isNew) {
      this.#endLine();
      this.#since = this.#now();
      this.#printedAt = this.#since;
    }
    this.#progress = progress;
    if (isNew || this.#output.isTTY) this.#draw();
  }

  /** @param {string} text */
  warn(text) {
    this.#clearLine();
    this.#output.write(`Note: ${text}\n`);
  }

  end() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#endLine();
    this.#progress = undefined;
  }

  #redraw() {
    if (!this.#progress) return;
    if (this.#output.isTTY) return this.#draw();
    if (this.#now() - this.#printedAt < repeatMs) return;
    this.#printedAt = this.#now();
    this.#draw();
  }

  #draw() {
    if (!this.#progress) return;
    const line = this.#prefix + describe(this.#progress, (this.#now() - this.#since) / 1000);
    if (!this.#output.isTTY) return void this.#output.write(`${line}\n`);
    // A line that wraps could not be drawn over again.
    this.#output.write(`\r\x1b[2K${line.slice(0, (this.#output.columns || 80) - 1)}`);
  }

  #endLine() {
    if (!this.#progress || !this.#output.isTTY) return;
    this.#clearLine();
    this.#output.write(`${this.#prefix}${this.#progress.what}: done in ${spell((this.#now() - this.#since) / 1000)}\n`);
  }

  #clearLine() {
    if (this.#output.isTTY) this.#output.write('\r\x1b[2K');
  }
}

/**
 * @param {Progress} progress
 * @param {number} elapsed seconds
 */
export function describe({ what, fraction, expectedSeconds }, elapsed) {
  const parts = [];
  if (fraction !== undefined && fraction > 0) parts.push(`${Math.floor(fraction * 100)} %`);
  if (elapsed >= 1) parts.push(spell(elapsed));
  if (expectedSeconds !== undefined && elapsed < expectedSeconds) {
    parts.push(elapsed >= 1 ? `of about ${spell(expectedSeconds)}` : `about ${spell(expectedSeconds)}`);
  }
  return parts.length === 0 ? `${what} …` : `${what} … ${parts.join(' ')}`;
}

/** @param {number} seconds */
export function spell(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 60)} min ${rest} s`;
}
