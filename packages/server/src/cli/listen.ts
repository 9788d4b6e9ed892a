import { listen } from './broadcast/listen.ts';
import { listenUsage, readListenOptions } from './broadcast/options.ts';
import { runProgram } from './broadcast/program.ts';

await runProgram('potluck listen', async (args, context) => {
  const options = readListenOptions(args);
  if (options === undefined) context.screen.say(listenUsage);
  else await listen(options, context);
});
