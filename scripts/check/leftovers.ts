/**
 * Loaded into every test process. A file whose tests are over but which holds something open (a server, a timer, a child)
 * would never end, and say nothing: it fails, and says what it left.
 */
import { after } from 'node:test';

const lookAfterMs = 2_000;
const graceMs = 10_000;

if (process.env['NODE_TEST_CONTEXT'] === 'child-v8') {
  after(() => {
    let left = '';
    // Looked at early: a timer of the same length as the grace is gone when that is over.
    setTimeout(() => (left = process.getActiveResourcesInfo().join(', ')), lookAfterMs).unref();
    setTimeout(() => {
      process.stderr.write(`the tests are over, but still open: ${left}\n`);
      process.exit(1);
    }, graceMs).unref();
  });
}
