import { AppError } from '@potluck/kernel';
import type { Command, Call } from '../command.ts';
import { done } from '../result.ts';

const params = [{ name: 'worker', kind: 'text' }] as const;

function workerIndex({ args, deps }: Call): number {
  const [text = ''] = args;
  const known = deps.fabric.workers().map(({ index }) => index);
  const index = /^\d+$/.test(text) ? Number(text) : -1;
  if (!known.includes(index))
    throw new AppError('not_found', `there is no worker "${text}"; there are ${known.join(', ')}`);
  return index;
}

export const drain: Command = {
  name: 'drain',
  group: 'Server',
  params,
  summary: 'moves all media off a worker, the new path before the old one goes; nothing new goes there',
  run: async (call) => {
    const drained = await call.deps.fabric.drainWorker(workerIndex(call));
    return done(`${drained.moved} transports moved, ${drained.ended} ended`, drained);
  },
};

export const undrain: Command = {
  name: 'undrain',
  group: 'Server',
  params,
  summary: 'lets a drained worker take new media again',
  run: (call) => {
    call.deps.fabric.undrainWorker(workerIndex(call));
    return done();
  },
};
