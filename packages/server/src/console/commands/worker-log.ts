import { AppError } from '@potluck/kernel';
import { mediaSettings } from '../../config/groups/media.ts';
import type { Command } from '../command.ts';
import { done } from '../result.ts';

export const workerLogLevels: readonly string[] = mediaSettings.shape.logLevel.unwrap().options;
export const workerLogTags: readonly string[] = mediaSettings.shape.logTags.unwrap().unwrap().element.options;

function check(values: readonly string[], allowed: readonly string[], what: string): void {
  const wrong = values.find((value) => !allowed.includes(value));
  if (wrong === undefined) return;
  throw new AppError('bad_request', `"${wrong}" is not a ${what}; allowed: ${allowed.join(', ')}`);
}

export const logLevel: Command = {
  name: 'logLevel',
  group: 'Server',
  params: [{ name: 'level', kind: 'logLevel' }],
  summary: `what all workers log: ${workerLogLevels.join(', ')}`,
  run: async ({ args, deps }) => {
    check(args, workerLogLevels, 'log level');
    await deps.fabric.setWorkerLog({ logLevel: args[0] ?? '' });
    return done();
  },
};

export const logTags: Command = {
  name: 'logTags',
  group: 'Server',
  params: [{ name: 'tag', kind: 'logTag', rest: true }],
  summary: 'which subjects all workers log at level debug or warn',
  run: async ({ args, deps }) => {
    check(args, workerLogTags, 'log tag');
    await deps.fabric.setWorkerLog({ logTags: args });
    return done();
  },
};
