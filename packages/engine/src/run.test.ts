import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ninjaFraction } from './compile.mjs';
import { SetupError, Stopped } from './errors.mjs';
import { run } from './run.mjs';

function node(script: string, options = {}) {
  return run(process.execPath, ['-e', script], options);
}

/** A process that has ended may stay as a zombie until somebody asks for its exit code. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('run', () => {
  it('answers with the exit code and what was printed on both ways, without colours', async () => {
    const { code, lines } = await node(
      'console.log("\\x1b[31mone\\x1b[0m"); process.stderr.write("two"); process.exitCode = 3',
    );
    assert.equal(code, 3);
    assert.deepEqual(lines.toSorted(), ['one', 'two']);
  });

  it('writes all of it to the log', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'potluck-run-'));
    const logFile = join(folder, 'log');
    await node('console.log("said")', { logFile });
    assert.match(readFileSync(logFile, 'utf8'), /^said$/m);
    rmSync(folder, { recursive: true });
  });

  it('tells of a program that is not installed in a sentence', async () => {
    await assert.rejects(run('no-such-program', []), (error) => {
      return error instanceof SetupError && error.message === 'The program "no-such-program" is not installed.';
    });
  });

  it('ends the whole group of processes when it is stopped', { timeout: 5_000 }, async () => {
    const stop = new AbortController();
    let grandchild = 0;
    const script = `const { spawn } = require('node:child_process');
      console.log(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']).pid);
      setInterval(() => {}, 1000);`;
    const onLine = (line: string) => {
      grandchild = Number(line);
      stop.abort();
    };
    await assert.rejects(node(script, { signal: stop.signal, onLine }), Stopped);
    while (isAlive(grandchild)) await delay(10);
  });

  it('ends what takes too long', async () => {
    const { code } = await node('setInterval(() => {}, 1000)', { timeoutMs: 200 });
    assert.equal(code, null);
  });
});

describe('ninjaFraction', () => {
  it('reads the progress of ninja', () => assert.equal(ninjaFraction('[3/12] Building CXX object x.o'), 0.25));
  it('knows nothing else', () => assert.equal(ninjaFraction('warning: [3/12]'), undefined));
});
