import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AppError } from '@potluck/kernel';
import { durationOf, readLoadOptions } from './options.ts';

describe('readLoadOptions', () => {
  it('sends and receives with one each when nothing else is said, and only people when they are', () => {
    const options = readLoadOptions(['--room', 'kitchen']);
    assert.deepEqual([options?.publishers, options?.subscribers, options?.people], [1, 1, 0]);
    const people = readLoadOptions(['--room', 'kitchen', '--people', '5', '--no-video']);
    assert.deepEqual([people?.publishers, people?.subscribers, people?.people, people?.video], [0, 0, 5, false]);
  });

  it('names all that is wrong, and what is allowed', () => {
    const wrong = ['--publishers', 'many', '--duration', '3d', '--url', 'ftp://x', '--check', '0'];
    assert.throws(
      () => readLoadOptions(wrong),
      (error: AppError) => {
        assert.equal(error.code, 'bad_request');
        for (const name of ['room', 'publishers', 'duration', 'url', 'check'])
          assert.match(error.message, new RegExp(`--${name}`, 'u'));
        return true;
      },
    );
    assert.throws(
      () => readLoadOptions(['--room', 'x', '--publishers', '0', '--subscribers', '0']),
      /nobody would join/u,
    );
  });

  it('gives help instead of a complaint', () => assert.equal(readLoadOptions(['--help']), undefined));
});

describe('durationOf', () => {
  it('reads seconds, minutes and hours', () => {
    assert.deepEqual(['30', '1.5s', '5m', '2h'].map(durationOf), [30_000, 1_500, 300_000, 7_200_000]);
    assert.deepEqual(['0', '', 'soon', '-3', '25h'].map(durationOf), Array.from({ length: 5 }).fill(undefined));
  });
});
