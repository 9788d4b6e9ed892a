import type { Clock, Tasks } from '@potluck/kernel';
import type { Answer, NoticeData } from '@potluck/protocol';
import type { JoinOptions } from './api.ts';
import { asAppError } from './errors.ts';
import { describeDevice, type MediaDevice } from './media/device.ts';
import type { MediaPaths } from './media/media-paths.ts';
import type { Sending } from './media/sending.ts';
import type { Call } from './signal/api.ts';

/** What every new stay in the room must be told again. */
export type Wishes = {
  displayName: string;
  handRaised: boolean;
  view: readonly { producerId: string; width: number; height: number }[] | undefined;
};

export type Entered = { answer: Answer<'enter'>; clockOffset: number };

export type EntryDeps = {
  call: Call;
  sending: Pick<Sending, 'suspend' | 'resume'>;
  paths: Pick<MediaPaths, 'prepare' | 'use' | 'expectOthers' | 'expectNobody' | 'othersBegun'>;
  wishes: Wishes;
  tasks: Tasks;
  clock: Clock;
  /** Somebody has to let us in. */
  onLobby: () => void;
};

/** The way in: from the server's welcome to being in the room, in one round trip; through the lobby if there is one. */
export class Entry {
  readonly #deps: EntryDeps;
  readonly #options: JoinOptions;
  #lobby: PromiseWithResolvers<boolean> | undefined;

  constructor(deps: EntryDeps, options: JoinOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** `undefined` when the way in ended: the stream of frames did, or the call. `current` tells. */
  async enter(welcome: NoticeData<'welcome'>, current: () => boolean): Promise<Entered | undefined> {
    const { paths, sending } = this.#deps;
    const media = await paths.prepare(welcome);
    if (!current()) return undefined;
    let entering = this.#ask(media);
    // Nothing waits for the answer: the server does requests in order.
    paths.use(welcome);
    this.#repeatWishes();
    let entered = await this.#unlessWaiting(entering);
    while (entered === undefined) {
      if (!(await this.#admitted()) || !current()) return undefined;
      entering = this.#ask(media);
      sending.resume();
      this.#repeatWishes();
      entered = await this.#unlessWaiting(entering);
    }
    // A page that shows a room for the first time is busy for a while: what others send would wait behind that.
    await paths.othersBegun();
    return current() ? entered : undefined;
  }

  /** Somebody decided. Who is not admitted is put out by the server, with a reason. */
  decided(admitted: boolean): void {
    this.#lobby?.resolve(admitted);
  }

  async #ask(media: MediaDevice): Promise<Entered> {
    const { call, clock, wishes, paths } = this.#deps;
    const { consume = true, dataChannels = true, device, password, firstVideos } = this.#options;
    const askedAt = clock.now();
    if (consume) paths.expectOthers();
    const answer = await call('enter', {
      displayName: wishes.displayName,
      device: device ?? describeDevice(),
      ...(password !== undefined && { password }),
      ...(firstVideos !== undefined && { firstVideos }),
      ...(consume && { rtpCapabilities: media.rtpCapabilities }),
      ...(consume && dataChannels && { sctpCapabilities: true }),
    });
    if (answer.participants.every(({ producers }) => producers.length === 0)) paths.expectNobody();
    return { answer, clockOffset: Math.round(answer.now - (askedAt + clock.now()) / 2) };
  }

  async #unlessWaiting(entering: Promise<Entered>): Promise<Entered | undefined> {
    try {
      return await entering;
    } catch (error) {
      if (asAppError(error).code !== 'waiting') throw error;
      // What was sent along with the question is refused too.
      this.#deps.paths.expectNobody();
      this.#deps.sending.suspend();
      return undefined;
    }
  }

  #admitted(): Promise<boolean> {
    this.#lobby = Promise.withResolvers<boolean>();
    this.#deps.onLobby();
    return this.#lobby.promise;
  }

  #repeatWishes(): void {
    const { call, wishes } = this.#deps;
    if (wishes.handRaised) this.#repeat('raise hand', call('setHandRaised', { raised: true }));
    if (wishes.view !== undefined) this.#repeat('set view', call('setView', { video: [...wishes.view] }));
  }

  /** Refused in the lobby: they are repeated when we are in. */
  #repeat(name: string, asked: Promise<unknown>): void {
    const unlessOutside = asked.catch((error: unknown) => {
      if (asAppError(error).code !== 'conflict') throw error;
    });
    this.#deps.tasks.spawn(name, unlessOutside);
  }
}
