import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pickId, pickIdOrLatest } from './ids.ts';

const ids = ['abc1', 'abd2', 'abc', 'x'];

describe('pickId', () => {
  it('takes a beginning that only one id has', () => {
    assert.equal(pickId(ids, 'abd', 'router'), 'abd2');
    assert.equal(pickId(ids, 'x', 'router'), 'x');
  });

  it('takes a whole id although others begin with it', () => {
    assert.equal(pickId(ids, 'abc', 'router'), 'abc');
  });

  it('names those that a beginning fits', () => {
    assert.throws(() => pickId(ids, 'ab', 'router'), {
      code: 'bad_request',
      message: '"ab" fits 3 routers (abc1, abd2, abc); give more of it',
    });
  });

  it('finds nothing for what no id begins with, and for no text', () => {
    assert.throws(() => pickId(ids, 'q', 'router'), { code: 'not_found', message: 'router "q" not found' });
    assert.throws(() => pickId(['a'], '', 'router'), { code: 'not_found' });
  });

  it('shows no control characters of what was asked', () => {
    assert.throws(() => pickId(ids, '\u001b[2J', 'router'), { message: 'router "\ufffd[2J" not found' });
  });
});

describe('pickIdOrLatest', () => {
  it('takes the newest without a name', () => {
    assert.equal(pickIdOrLatest(ids, undefined, 'router'), 'x');
    assert.throws(() => pickIdOrLatest([], undefined, 'router'), { message: 'no router is open' });
  });
});
