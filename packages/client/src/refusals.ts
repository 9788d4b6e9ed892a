import type { Tasks } from '@potluck/kernel';
import type { PeerId } from '@potluck/protocol';
import type { JoinOptions } from './api.ts';
import { refusalOf, type Refusal } from './refusal.ts';
import type { AskDoor } from './signal/door.ts';

export type RefusalsDeps = {
  readonly ask: AskDoor;
  readonly url: string | URL;
  readonly options: Pick<JoinOptions, 'roomId' | 'token'>;
  readonly peerId: PeerId;
  readonly resumeToken: () => string | undefined;
  /** Nobody needs to know any more: a socket was taken, or the call ended. */
  readonly settled: () => boolean;
  /** The room was not entered yet. */
  readonly joining: () => boolean;
  /** There is no use in further attempts. */
  readonly refused: (refusal: Refusal) => void;
  readonly tasks: Tasks;
};

/** Browsers do not tell why a socket was refused; the door does. Until it is known, attempts go on. */
export class Refusals {
  readonly #deps: RefusalsDeps;
  #busy: string | undefined;
  #asking = false;

  constructor(deps: RefusalsDeps) {
    this.#deps = deps;
  }

  /** The server is there and said this when it took no socket; for when it is given up. */
  get busy(): string | undefined {
    return this.#busy;
  }

  /** A socket was refused. */
  ask(): void {
    const { settled, refused, tasks } = this.#deps;
    if (this.#asking || settled()) return;
    this.#asking = true;
    const asking = this.whyNot().then((refusal) => {
      this.#asking = false;
      if (refusal !== undefined && !settled() && this.#isFinal(refusal)) refused(refusal);
    });
    tasks.spawn('ask why', asking);
  }

  async whyNot(): Promise<Refusal | undefined> {
    const { ask, url, options, peerId, resumeToken } = this.#deps;
    const { roomId, token } = options;
    const report = await ask(url, { roomId, peerId, token, resume: resumeToken() });
    this.#busy = report?.kind === 'busy' ? report.message : undefined;
    return report?.kind === 'answered' ? refusalOf(report, { roomId, token }) : undefined;
  }

  /** The password is asked for in the room. Who was in already waits for a place as for everything else. */
  #isFinal({ reason }: Refusal): boolean {
    if (reason === 'passwordNeeded') return false;
    return this.#deps.joining() || (reason !== 'full' && reason !== 'refused');
  }
}
