import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { choices, isChoice, keepChoice, readChoice } from './choice.mjs';
import { SetupError } from './errors.mjs';

function home() {
  const folder = mkdtempSync(join(tmpdir(), 'potluck-choice-'));
  const file = join(folder, 'potluck', 'engine', 'use');
  return { env: { XDG_CACHE_HOME: folder }, file, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

describe('the choice of a worker', () => {
  it('is none at first', () => {
    using here = home();
    assert.equal(readChoice(here.env), undefined);
  });

  for (const choice of choices) {
    it(`is kept: ${choice}`, () => {
      using here = home();
      keepChoice(choice, here.env);
      assert.equal(readChoice(here.env), choice);
    });
  }

  it('can be forgotten, twice too', () => {
    using here = home();
    keepChoice('plain', here.env);
    keepChoice(undefined, here.env);
    keepChoice(undefined, here.env);
    assert.equal(readChoice(here.env), undefined);
  });

  it('says what is allowed when somebody wrote another word', () => {
    using here = home();
    mkdirSync(join(here.file, '..'), { recursive: true });
    writeFileSync(here.file, 'fastest\n');
    assert.throws(
      () => readChoice(here.env),
      (error) => error instanceof SetupError && /tuned, plain, prebuilt/.test(error.message),
    );
  });

  it('knows its words', () =>
    assert.deepEqual(['tuned', 'Tuned', '', undefined].map(isChoice), [true, false, false, false]));
});
