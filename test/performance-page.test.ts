import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Result } from '../bench/kit/result.ts';
import { pageOf, summaryOf } from '../bench/record/page.ts';
import { barsSvg } from '../bench/record/svg.ts';

const result = (value: number, met: boolean): Result => ({
  name: 'idle',
  title: 'Idle cost',
  about: 'Measured so.',
  table: { head: ['', 'Node'], rows: [['nobody', '1 %']] },
  figures: [{ name: 'all', value, unit: '%', better: 'less' }],
  goals: [{ what: 'little', wanted: 'at most 1', found: String(value), met }],
  at: '2026-11-22T12:00:00.000Z',
  seconds: 9,
  load: [0.5, 1],
});
const conditions = { machine: '2 × CPU', system: 'Linux', node: 'v24', memoryGiB: 8 };

describe('the page of results', () => {
  it('says what was found, what is missed, under which load, and what it was before', () => {
    const { figures, at, load } = result(1, true);
    const page = pageOf({ idle: { ...result(2, false), conditions, previous: { figures, at, load } } });
    assert.match(page, /0 of 1 goals are met/u);
    assert.match(page, /✘ little: wanted at most 1, found 2/u);
    assert.match(page, /\| all \| 1 % \| 2 % \| \+100 %, worse \|/u);
    assert.match(page, /load average 0\.5 before, 1\.0 after 9 s/u);
  });

  it('takes small changes for none', () => {
    const before = { idle: { ...result(1, true), conditions } };
    assert.match(summaryOf([result(1.05, true)], before), /all: 1\.05 % \(before: 1 %, the same\)/u);
  });
});

describe('bars', () => {
  it('are as long as their values, and escape names', () => {
    const svg = barsSvg({
      title: 'a < b',
      groups: [
        {
          label: 'x',
          bars: [
            { name: 'one', value: 10 },
            { name: 'two', value: 5 },
          ],
        },
      ],
    });
    assert.match(svg, /width="460\.0"[\s\S]*width="230\.0"/u);
    assert.ok(svg.includes('a &lt; b'));
  });
});
