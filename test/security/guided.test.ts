/** A short seeded run of bench/fuzz/guided.ts: what its corpus reaches, and a little further. */
import { Coverage } from '../../bench/fuzz/coverage.ts'; // First: it counts what is compiled after it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { doors } from '../../bench/fuzz/doors.ts';
import { evolve, Find, type Door } from '../../bench/fuzz/evolve.ts';
import { Mutator } from '../../bench/fuzz/mutate.ts';

const seed = 20_261_122;
const watched = (url: string) => /\/packages\/(kernel|protocol|server)\/src\//u.test(url);

describe('inputs that grew with what they reach', () => {
  for (const [name, open] of Object.entries(doors)) {
    it(`are answered or refused: ${name}`, async (test) => {
      const door = await open();
      const coverage = new Coverage(watched);
      const file = new URL(`../../bench/fuzz/corpus/${name}.json`, import.meta.url);
      const corpus = JSON.parse(readFileSync(file, 'utf8')) as string[];
      const { cases } = await evolve(door, { cases: door.batch ?? 400, coverage, mutator: new Mutator(seed), corpus });
      const { functions, functionsReached } = coverage.tally(watched);
      test.diagnostic(`${cases} cases, ${corpus.length} of the corpus, ${functionsReached} of ${functions} functions`);
      assert.ok(functionsReached > 0);
      await door.close?.();
    });
  }

  it('find what is hidden behind one condition after the other, where chance alone does not', async () => {
    const hidden: Door = {
      name: 'a chain of conditions',
      seeds: ['[1,2,3]'],
      run: (text) => {
        const list: unknown = text.startsWith('[') ? jsonOf(text) : undefined;
        if (Array.isArray(list) && reached(list)) throw new Error('found');
      },
    };
    const run = async (guided: boolean): Promise<boolean> => {
      const coverage = new Coverage((url) => url === import.meta.url);
      try {
        await evolve(hidden, { cases: 12_000, coverage, mutator: new Mutator(seed), guided });
        return false;
      } catch (error) {
        assert.ok(error instanceof Find, String(error));
        return true;
      }
    };
    assert.deepEqual([await run(false), await run(true)], [false, true]);
  });
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Each step opens a block of its own: that is what the counters see. */
function reached(list: unknown[]): boolean {
  if (list[0] === true) {
    if (list[1] === false) {
      if (list[2] === null) {
        if (list[3] === true) return true;
      }
    }
  }
  return false;
}
