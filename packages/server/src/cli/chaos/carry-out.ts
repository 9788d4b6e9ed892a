import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@potluck/kernel';
import type { RemoteBot } from './crew.ts';
import type { Messages } from './messages.ts';
import type { Step } from './plan.ts';
import type { TrialServer } from './server.ts';

/** What steps are carried out on. */
export type Stage = {
  readonly server: TrialServer;
  readonly bot: (index: number) => RemoteBot;
  readonly messages: Messages;
  /** What is to be killed or stopped is a worker that carries something, whichever the step names: for measuring. */
  readonly onlyBusy: boolean;
};

/** Does what a step says. Resolves when it has happened; healing has only begun by then. */
export async function carryOut(step: Step, stage: Stage): Promise<void> {
  const { server, bot } = stage;
  switch (step.kind) {
    case 'kill':
      return signal(step.worker, 'SIGKILL', stage);
    case 'stop':
      return signal(step.worker, 'SIGSTOP', stage);
    case 'twice':
      signal(step.worker, 'SIGKILL', stage);
      await pause(step.ms);
      return signal(step.next, 'SIGKILL', stage);
    case 'drain':
      // Refused while the other worker is down.
      await server.app.fabric.drainWorker(step.worker).catch(() => undefined);
      return undefined;
    case 'restart':
      await server.restart();
      if (server.app.httpPort !== server.port) throw new AppError('internal', 'the port changed');
      return undefined;
    case 'cut':
      return bot(step.bot).order('cut', step.ms);
    case 'delay':
      return bot(step.bot).order('delay', step.ms / 4, step.ms);
    case 'loss':
      return bot(step.bot).order('lose', step.share, step.ms);
    case 'lag':
      return bot(step.bot).order('lag', step.byMs, step.ms);
    case 'mute':
      return bot(step.bot).order('toggleMute');
    case 'rejoin':
      return bot(step.bot).order('rejoin');
    case 'chat':
      return stage.messages.say(bot(step.bot));
  }
}

/** To the worker of this number, or one that runs. */
function signal(index: number, name: NodeJS.Signals, { server, onlyBusy }: Stage): void {
  const running = server.app.fabric.workers().filter(({ state }) => state === 'running');
  const busy = running.find(({ consumers }) => consumers > 0);
  const worker = (onlyBusy ? busy : running.find((one) => one.index === index)) ?? running[0];
  if (worker?.pid !== undefined) process.kill(worker.pid, name);
}
