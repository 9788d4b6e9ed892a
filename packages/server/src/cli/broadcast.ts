import { broadcast } from './broadcast/broadcast.ts';
import { broadcastUsage, readBroadcastOptions } from './broadcast/options.ts';
import { runProgram } from './broadcast/program.ts';

await runProgram('potluck broadcast', async (args, context) => {
  const options = readBroadcastOptions(args);
  if (options === undefined) context.screen.say(broadcastUsage);
  else await broadcast(options, context);
});
