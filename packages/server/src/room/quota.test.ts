import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { settle } from '@potluck/testkit';
import { Quota } from './quota.ts';

describe('Quota', () => {
  it('counts what is held and what is being made', async () => {
    const quota = new Quota('spoons for one guest');
    const held: string[] = ['first'];
    const forged = Promise.withResolvers<void>();
    const make = (name: string) =>
      quota.make(held.length, 3, async () => {
        await forged.promise;
        held.push(name);
      });
    const making = [make('second'), make('third')];
    await assert.rejects(make('fourth'), { code: 'rate_limited', message: 'at most 3 spoons for one guest' });
    forged.resolve();
    await Promise.all(making);
    await assert.rejects(make('fourth'), { code: 'rate_limited' });
    held.pop();
    await make('third again');
  });

  it('gives the place back when it cannot be made', async () => {
    const quota = new Quota('spoons');
    const make = () => quota.make(0, 1, () => Promise.reject(new Error('it broke')));
    await assert.rejects(make(), /it broke/u);
    await settle();
    await assert.rejects(make(), /it broke/u);
  });
});
