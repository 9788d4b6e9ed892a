import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describe as describeProgress, ProgressLine, spell } from './progress.mjs';

describe('spell', () => {
  it('speaks of seconds and minutes', () => {
    assert.deepEqual([0.4, 59.4, 60, 75].map(spell), ['0 s', '59 s', '1 min', '1 min 15 s']);
  });
});

describe('describe', () => {
  it('tells what is done, how far it is, and how long it may take', () => {
    const progress = { what: 'Compiling', fraction: 0.456, expectedSeconds: 80 };
    assert.equal(describeProgress(progress, 12), 'Compiling … 45 % 12 s of about 1 min 20 s');
    assert.equal(describeProgress({ what: 'Testing', expectedSeconds: 5 }, 0), 'Testing … about 5 s');
  });

  it('does not repeat a promise that was broken', () => {
    assert.equal(describeProgress({ what: 'Testing', expectedSeconds: 5 }, 9), 'Testing … 9 s');
  });
});

describe('ProgressLine', () => {
  function line(isTTY: boolean) {
    const written: string[] = [];
    let now = 0;
    const output = { isTTY, columns: 30, write: (text: string) => written.push(text) };
    return { written, progress: new ProgressLine(output, () => now), pass: (ms: number) => (now += ms) };
  }

  it('writes a line per task elsewhere, and nothing for each percent', () => {
    const { written, progress } = line(false);
    progress.enterStep(1, 2);
    progress.report({ what: 'One', fraction: 0 });
    progress.report({ what: 'One', fraction: 0.5 });
    progress.report({ what: 'Two' });
    progress.end();
    assert.deepEqual(written, ['[1/2] One …\n', '[1/2] Two …\n']);
  });

  it('draws over itself on a terminal, never wider than that, and leaves a line behind', () => {
    const { written, progress, pass } = line(true);
    progress.enterStep(1, 2);
    progress.report({ what: 'A task with a name that is long' });
    pass(3_000);
    progress.end();
    assert.equal(written[0], '\r\x1b[2K[1/2] A task with a name that');
    assert.equal(written.at(-1), '[1/2] A task with a name that is long: done in 3 s\n');
  });
});
