import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { requireBuildTools } from '../../packages/engine/src/requirements.mjs';

const program = resolve(import.meta.dirname, '../../packages/engine/src/test-patches.mjs');

/** A machine on which the worker was not built need not have them. */
function missingTools(): string | undefined {
  try {
    requireBuildTools();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('what is added to the engine', () => {
  it(
    'passes its tests in C++ and some of its fuzzing, with sanitizers',
    { skip: missingTools() ?? false },
    async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [program, '1000']);
      assert.match(stdout, /1000 random runs passed/);
    },
  );
});
