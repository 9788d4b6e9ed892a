import { randomInt } from 'node:crypto';
import type { MediaPath } from '../rtc/path.ts';
import { findExtension } from './extensions.ts';
import { IncomingStream, type IncomingOptions } from './incoming.ts';
import { genericNack, maxBlocks, pictureLoss, readRtcp, receiverReport } from './rtcp.ts';
import { FeedbackWriter } from './transport-feedback.ts';

const everyMs = { report: 1_000, keyFrame: 1_000 };
/** As libwebrtc: feedback may take a twentieth of the bit rate that it is about, and comes at least so often and at most so often. */
const feedback = { share: 0.05, octets: 68, mostMs: 250, leastMs: 50 };
/** A stream that begins with a key frame needs none asked for; the server asks for the first itself. */
const patienceForFirstMs = 3_000;

/** All that comes over one transport, and what is said back about it. */
export class Receiver {
  /** Of our reports: nothing is sent under it. */
  readonly #ssrc = randomInt(1, 2 ** 32);
  readonly #path: MediaPath;
  readonly #streams = new Map<number, IncomingStream>();
  readonly #feedback = new FeedbackWriter();
  readonly #askedAt = new Map<number, number>();
  #transportSequenceId: number | undefined;
  #last = { feedback: 0, report: 0 };
  #octets = 0;

  constructor(path: MediaPath) {
    this.#path = path;
    path.events.on('rtp', (packet) => this.#take(packet));
    path.events.on('rtcp', (packet) => {
      for (const heard of readRtcp(packet)) {
        if (heard.kind === 'senderReport') this.#streams.get(heard.ssrc)?.heardSender(heard.middle, performance.now());
      }
    });
  }

  get streams(): Iterable<IncomingStream> {
    return this.#streams.values();
  }

  open(options: IncomingOptions, transportSequenceId: number | undefined): IncomingStream {
    const stream = new IncomingStream(options);
    this.#streams.set(options.ssrc, stream);
    this.#transportSequenceId ??= transportSequenceId;
    return stream;
  }

  close(ssrc: number): void {
    this.#streams.delete(ssrc);
    this.#askedAt.delete(ssrc);
  }

  /** Says what is due. Call it every 20 ms or so. */
  tick(nowMs: number): void {
    for (const stream of this.#streams.values()) {
      const wanted = stream.overdue(nowMs);
      if (wanted.length > 0) this.#path.sendRtcp(genericNack(this.#ssrc, stream.ssrc, wanted));
      this.#wishForKeyFrame(stream, nowMs);
    }
    if (this.#feedbackIsDue(nowMs)) {
      this.#last.feedback = nowMs;
      this.#octets = 0;
      const [first] = this.#streams.keys();
      const packet = this.#feedback.write(this.#ssrc, first ?? 0);
      if (packet !== undefined) this.#path.sendRtcp(packet);
    }
    if (nowMs - this.#last.report >= everyMs.report) {
      this.#last.report = nowMs;
      this.#report(nowMs);
    }
  }

  #take(packet: Buffer): void {
    const nowMs = performance.now();
    this.#octets += packet.length;
    const at = this.#transportSequenceId === undefined ? undefined : findExtension(packet, this.#transportSequenceId);
    // Also of packets of no stream of ours, by which the server probes the path.
    if (at !== undefined) this.#feedback.note(packet.readUInt16BE(at), nowMs);
    const { opener } = this.#path;
    if (opener === undefined) return;
    this.#streams
      .get(packet.readUInt32BE(8))
      ?.take(packet, (sealed, rollovers) => opener.openRtp(sealed, rollovers), nowMs);
  }

  #feedbackIsDue(nowMs: number): boolean {
    const passed = nowMs - this.#last.feedback;
    if (passed < feedback.leastMs) return false;
    return passed >= feedback.mostMs || this.#octets * feedback.share >= feedback.octets;
  }

  #wishForKeyFrame(stream: IncomingStream, nowMs: number): void {
    const { frames, firstAt } = stream;
    if (frames?.wantsKey !== true || firstAt === undefined) return;
    if (frames.frames === 0 && nowMs - firstAt < patienceForFirstMs) return;
    if (nowMs - (this.#askedAt.get(stream.ssrc) ?? -Infinity) < everyMs.keyFrame) return;
    this.#askedAt.set(stream.ssrc, nowMs);
    this.#path.sendRtcp(pictureLoss(this.#ssrc, stream.ssrc));
  }

  #report(nowMs: number): void {
    const blocks = [...this.#streams.values()].flatMap((stream) => stream.reportBlock(nowMs) ?? []);
    for (let from = 0; from < blocks.length; from += maxBlocks) {
      this.#path.sendRtcp(receiverReport(this.#ssrc, blocks.slice(from, from + maxBlocks)));
    }
  }
}
