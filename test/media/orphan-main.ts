/** A server with one worker that says the worker's pid and goes on for ever: the test kills it. */
import { testFabric } from './support.ts';

const fabric = await testFabric();
process.stdout.write(`${fabric.workers()[0]?.pid}\n`);
setInterval(() => {}, 1000);
