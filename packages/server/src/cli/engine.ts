/** `potluck engine`: which media worker is in use; builds, chooses and measures it. */
import { runEngine } from './engine/command.ts';

const { argv, env, stdout, stderr, execPath } = process;
const args = argv.slice(2);
process.exitCode = await runEngine(args[0] === 'engine' ? args.slice(1) : args, {
  env,
  node: execPath,
  out: (text) => void stdout.write(`${text}\n`),
  error: (text) => void stderr.write(`${text}\n`),
});
