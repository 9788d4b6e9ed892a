/** `potluck token`: makes a token of the server on this machine, and a link that carries it. */
import process from 'node:process';
import { messageOf } from '@potluck/kernel';
import { makeToken } from './token/make.ts';
import { readTokenOptions, tokenUsage } from './token/options.ts';

const say = (text: string) => void process.stdout.write(`${text}\n`);
const complain = (text: string) => void process.stderr.write(`potluck token: ${text}\n`);

const options = readTokenOptions(process.argv.slice(2));
switch (options.kind) {
  case 'help':
    say(tokenUsage);
    break;
  case 'wrong':
    complain(`${options.problems.join('\n')}\n\n${tokenUsage}`);
    process.exitCode = 2;
    break;
  case 'make':
    try {
      say(await makeToken(options, { env: process.env, folder: process.cwd() }));
    } catch (error) {
      complain(messageOf(error));
      process.exitCode = 1;
    }
    break;
}
