/**
 * Loaded into every test process. A file whose tests are over but which holds something open (a server, a timer, a child)
 * would never end, and say nothing: it fails, and says what it left.
 */
import { after } from 'node:test';

const graceMs = 10_000;

if (process.env['NODE_TEST_CONTEXT'] === 'child-v8') {
  after(() => {
    const timer = setTimeout(() => {
      process.stderr.write(`the tests are over, but still open: ${process.getActiveResourcesInfo().join(', ')}\n`);
      process.exit(1);
    }, graceMs);
    timer.unref();
  });
}
