import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError, errorTable } from '@potluck/kernel';
import { languages } from '../i18n/languages.ts';
import { errorWords } from './error-words.ts';

describe('errorWords', () => {
  it('has words of its own for every code, in every language', () => {
    for (const { texts } of Object.values(languages)) {
      const { browser, ...byCode } = texts.errors;
      assert.deepEqual(Object.keys(byCode).toSorted(), Object.keys(errorTable).toSorted());
      assert.notEqual(errorWords(new AppError('forbidden', 'only hosts'), texts), browser);
    }
  });

  it('never repeats what a server or a browser says', () => {
    const { texts } = languages.zh;
    assert.equal(errorWords(new AppError('rate_limited', 'at most 5'), texts), texts.errors.rate_limited);
    // A DOMException has a number for a code.
    assert.equal(errorWords(new DOMException('Denied', 'NotAllowedError'), texts), texts.errors.browser);
    assert.equal(errorWords('text', texts), texts.errors.browser);
  });
});
