import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '@potluck/kernel';
import { settle } from '@potluck/testkit';
import { Branches } from './branches.ts';

/** Any object can stand for a router here: it is only a key. */
class Copies {
  readonly log: string[] = [];
  readonly branches: Branches<{ close(): void }, string>;
  #gates: PromiseWithResolvers<void>[] = [];

  constructor() {
    this.branches = new Branches(async (node) => {
      this.log.push(`open ${node}`);
      const gate = Promise.withResolvers<void>();
      this.#gates.push(gate);
      await gate.promise;
      return { close: () => void this.log.push(`close ${node}`) };
    });
  }

  finish(): void {
    for (const gate of this.#gates.splice(0)) gate.resolve();
  }

  fail(): void {
    for (const gate of this.#gates.splice(0)) gate.reject(new AppError('unavailable', 'no way'));
  }
}

describe('Branches', () => {
  it('makes one copy for many who ask at once, and closes it after the last', async () => {
    const { branches, log, ...rest } = open();
    const asked = Promise.all([branches.acquire('a'), branches.acquire('a'), branches.acquire('a')]);
    rest.finish();
    const [first, second, third] = await asked;
    assert.equal(first, second);
    branches.release(first);
    branches.release(second);
    assert.deepEqual(log, ['open a']);
    branches.release(third);
    assert.deepEqual([log, branches.size], [['open a', 'close a'], 0]);
  });

  it('forgets a copy that could not be made', async () => {
    const { branches, log, fail, finish } = open();
    const asked = [branches.acquire('a'), branches.acquire('a')];
    fail();
    for (const { status } of await Promise.allSettled(asked)) assert.equal(status, 'rejected');
    const again = branches.acquire('a');
    finish();
    await again;
    assert.deepEqual(log, ['open a', 'open a']);
  });

  it('closes a copy that arrives after the producer has ended', async () => {
    const { branches, log, finish } = open();
    const asked = branches.acquire('a');
    branches.close();
    finish();
    await assert.rejects(asked, /ended/);
    await settle();
    assert.deepEqual(log, ['open a', 'close a']);
    await assert.rejects(branches.acquire('a'), /ended/);
  });

  it('makes a new copy after the router was lost; a late release does not touch it', async () => {
    const { branches, log, finish } = open();
    const first = branches.acquire('a');
    finish();
    const old = await first;
    branches.lose('a');
    const second = branches.acquire('a');
    finish();
    await second;
    branches.release(old);
    assert.deepEqual([log, branches.size], [['open a', 'close a', 'open a'], 1]);
  });

  it('does something to every copy, also to one that is still being made', async () => {
    const { branches, finish } = open();
    const asked = [branches.acquire('a'), branches.acquire('b')];
    let count = 0;
    const done = branches.each(async () => void (count += 1));
    finish();
    await Promise.all([done, ...asked]);
    assert.equal(count, 2);
  });

  it('says when one that is there refuses, and nothing of one that cannot be made', async () => {
    const { branches, finish, fail } = open();
    const made = branches.acquire('a');
    finish();
    await made;
    await assert.rejects(
      branches.each(() => Promise.reject(new Error('it does not turn'))),
      /does not turn/u,
    );
    const asked = branches.acquire('b');
    let count = 0;
    const done = branches.each(async () => void (count += 1));
    fail();
    await assert.rejects(asked);
    await done;
    assert.equal(count, 1);
  });
});

function open() {
  const copies = new Copies();
  const { branches, log } = copies;
  return { branches, log, finish: () => copies.finish(), fail: () => copies.fail() };
}
