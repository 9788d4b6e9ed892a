/** What the engine sends to find out what a path carries leaves it, however many receivers a worker has. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { locateWorker } from '@potluck/engine';
import { startServer } from '@potluck/testkit/server';
import { readLoadOptions } from '../../packages/server/src/cli/load/options.ts';
import { runLoad } from '../../packages/server/src/cli/load/run.ts';

const skip = locateWorker()?.source === 'cache' ? false : 'needs a worker that was built here, with its patches';

describe('probing', { skip }, () => {
  it('goes on for each receiver when others come', async () => {
    await using server = await startServer({ media: { workers: 1 } });
    const options = readLoadOptions(['--room', 'probing', '--url', server.http, '--duration', '4s', '--people', '8']);
    assert.ok(options);
    const report = await runLoad(options, { signal: new AbortController().signal });
    assert.equal(report.clients.joined, 8);
    const refused = server.logLines.filter((line) => line.includes('srtp_protect() failed'));
    assert.equal(refused.length, 0, `${refused.length} packets were refused, the first: ${refused[0]}`);
  });
});
