import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from './errors.ts';
import { messageOf, systemCodeOf } from './thrown.ts';

describe('what was thrown', () => {
  it('has a message, whatever it is', () => {
    assert.deepEqual([new Error('why'), 'text', undefined, null, 7].map(messageOf), [
      'why',
      'text',
      'undefined',
      'null',
      '7',
    ]);
  });

  it('has a code where an error brings one', () => {
    assert.equal(systemCodeOf(Object.assign(new Error('no file'), { code: 'ENOENT' })), 'ENOENT');
    assert.equal(systemCodeOf(new AppError('conflict', 'not now')), 'conflict');
    for (const none of [
      new Error('plain'),
      Object.assign(new Error('a number'), { code: 7 }),
      { code: 'ENOENT' },
      undefined,
    ]) {
      assert.equal(systemCodeOf(none), undefined);
    }
  });
});
