import { AppError, Scope, Serial, systemClock, type Clock } from '@potluck/kernel';
import type { TransportId, WebRtcTransportInfo } from '@potluck/protocol';
import type { WebRtcTransportOptions } from '../media/fabric.ts';
import { isJoined, type HeldTransport, type Member } from '../room/member.ts';
import type { Room } from '../room/room.ts';
import { openStandby } from '../room/transports.ts';
import type { Move } from '../room/moves.ts';
import { closeStandby, moveToStandby, sendsElsewhere } from '../room/standby.ts';

export type StandbyDeps = {
  readonly room: Room;
  readonly member: Member;
  readonly options: WebRtcTransportOptions;
  /** Milliseconds from entering, and from each change, to the next standby. */
  readonly afterMs: number;
  readonly tell: (pair: { sendTransport?: WebRtcTransportInfo; receiveTransport?: WebRtcTransportInfo }) => void;
  readonly clock?: Clock;
  readonly random?: () => number;
};

/** A client that has not connected its standby by then cannot: the next attempt comes late. */
const connectWithinMs = 15_000;
const unreachableMs = 60_000;
/** How long a standby made for a move may take to connect. */
const moveWithinMs = 8_000;
/** How long it may take to send again what it sends before others are told to go on without it. */
const sendWithinMs = 1_000;

/** Sees to it that a member has idle transports on another worker than its active ones. */
export class Standby {
  readonly #deps: StandbyDeps;
  readonly #clock: Clock;
  readonly #scope = new Scope();
  #cancel = () => {};
  /** One at a time: what another one is about to open may be all that is needed, or in the way. */
  readonly #builds = new Serial();

  constructor(deps: StandbyDeps) {
    this.#deps = deps;
    this.#clock = deps.clock ?? systemClock;
    const { room, member } = deps;
    const mine = (other: Member) => void (other === member && this.#later());
    const forget = [
      room.events.on('memberJoined', mine),
      room.events.on('transportReplaced', mine),
      room.events.on('transportFailed', mine),
      room.events.on('standbyEnded', mine),
      room.media.events.on('workerStarted', () => this.#later()),
      room.media.events.on('moveWanted', ({ worker, to, only }) => {
        const meant = only === undefined || [...member.transports.keys()].some((id) => only.has(id));
        if (!meant) return;
        const move = room.moves.begin();
        room.tasks.spawn(
          'move',
          this.#leave(worker, to, move).finally(() => {
            move.end();
            member.reception?.setLeaving(false);
          }),
        );
      }),
    ];
    this.#scope.add(() => {
      this.#cancel();
      forget.forEach((off) => off());
    });
  }

  close(): void {
    this.#scope.close('session ended');
  }

  /** Leaves a worker, for another one or for any, make before break. Where that fails, it stays until it is put out. */
  async #leave(worker: number, to: number | undefined, move: Move): Promise<void> {
    const { room, member } = this.#deps;
    const concerned = await this.#builds.run(() => this.#prepare(worker, to));
    if (!concerned || !this.#stands() || !(await this.#connected())) return;
    if (move.inStep) member.reception?.setLeaving(true);
    await move.sendTurn();
    // What was ready may have gone while others moved.
    if (this.#scope.closed || !this.#stands()) return;
    const left = moveToStandby(room, member, 'send');
    if (move.inStep) {
      await this.#sendsAgain(left);
      await move.receiveTurn();
    }
    if (!this.#scope.closed) moveToStandby(room, member, 'receive');
  }

  /** Has a standby ready away from this worker. Whether anything active is on it that could move there. */
  async #prepare(worker: number, to: number | undefined): Promise<boolean> {
    if (this.#scope.closed) return false;
    const { room, member } = this.#deps;
    const workersOf = (role: 'active' | 'standby') =>
      [...member.transports].flatMap(([id, held]) => (held.role === role ? [room.media.workerOf(id)] : []));
    // What is in reserve there, or elsewhere than it is to go, is of no use any more.
    const useless = workersOf('standby').some((index) => index === worker || (to !== undefined && index !== to));
    if (useless) this.#drop();
    const concerned = workersOf('active').includes(worker);
    if (concerned) {
      this.#cancel();
      await this.#build(to);
    } else this.#later();
    return concerned;
  }

  /** Resolves when it sends elsewhere what it sent over these transports, or has had its time. */
  async #sendsAgain(left: readonly TransportId[]): Promise<void> {
    const { room, member } = this.#deps;
    await this.#within(
      sendWithinMs,
      () => sendsElsewhere(member, left),
      (look) => [room.events.on('republished', look), room.events.on('unpublished', look)],
    );
  }

  /** Whether the standby is up in time. */
  async #connected(): Promise<boolean> {
    const up = await this.#within(
      moveWithinMs,
      () => this.#standbys().every(({ connected }) => connected),
      // The room notes it first: it listens longer than this.
      (look) => [this.#deps.room.media.events.on('transportConnected', look)],
    );
    return up && !this.#scope.closed && this.#standbys().length > 0;
  }

  /** Whether it holds in time. `listen` has `look` called whenever that may have changed. */
  async #within(ms: number, holds: () => boolean, listen: (look: () => void) => (() => void)[]): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const look = () => holds() && resolve(true);
    const off = listen(look);
    const cancel = this.#clock.after(ms, () => resolve(false));
    look();
    const held = await promise;
    cancel();
    off.forEach((forget) => forget());
    return held;
  }

  #standbys(): HeldTransport[] {
    return [...this.#deps.member.transports.values()].filter(({ role }) => role === 'standby');
  }

  /** Those who lost a worker together do not come back together. */
  #later(ms = this.#deps.afterMs): void {
    const { random = Math.random } = this.#deps;
    this.#cancel();
    this.#cancel = this.#clock.after(ms * (1 + random()), () => {
      // While anybody moves, nothing else has them work; and what is to take over here is not to be built anew.
      if (this.#deps.room.moves.busy) this.#later();
      else
        this.#deps.room.tasks.spawn(
          'standby',
          this.#builds.run(() => this.#build()),
        );
    });
  }

  async #build(on?: number): Promise<void> {
    const { room, member, tell } = this.#deps;
    if (this.#scope.closed || !isJoined(member) || this.#stands()) return;
    try {
      this.#drop();
      const pair = await this.#open(on);
      if (this.#scope.closed) return;
      tell(pair);
      this.#cancel();
      this.#cancel = this.#clock.after(connectWithinMs, () => this.#check());
    } catch (error) {
      this.#drop();
      // There is no other worker now; a new one tells.
      if (AppError.from(error).code !== 'unavailable') room.log.debug('no standby', { peerId: member.id, error });
    }
  }

  async #open(on?: number): Promise<{ sendTransport?: WebRtcTransportInfo; receiveTransport?: WebRtcTransportInfo }> {
    const { room, member } = this.#deps;
    // A data channel is how the client connects it before there is media, also where it has no other.
    const options = { ...this.#deps.options, sctp: true, ...(on !== undefined && { on }) };
    const send = member.transportFor({ producing: true, consuming: false });
    const receive = member.transportFor({ producing: false, consuming: true });
    const sends = { producing: true, consuming: false };
    const receives = { producing: false, consuming: true };
    const sendTransport =
      send === undefined ? undefined : await openStandby(room, member, sends, { ...options, awayFrom: send });
    const beside = sendTransport !== undefined && { near: sendTransport.id };
    const receiveTransport =
      receive === undefined
        ? undefined
        : await openStandby(room, member, receives, { ...options, awayFrom: receive, ...beside });
    return { ...(sendTransport && { sendTransport }), ...(receiveTransport && { receiveTransport }) };
  }

  /** Each active transport has a standby on another worker. */
  #stands(): boolean {
    const { room, member } = this.#deps;
    const active = [...member.transports].filter(([, { role }]) => role === 'active');
    return active.every(([id, held]) => {
      const standby = member.transportFor(held, 'standby');
      return standby !== undefined && room.media.workerOf(standby) !== room.media.workerOf(id);
    });
  }

  #drop(): void {
    closeStandby(this.#deps.room, this.#deps.member);
  }

  #check(): void {
    if (this.#standbys().every(({ connected }) => connected)) return;
    this.#drop();
    this.#later(unreachableMs);
  }
}
