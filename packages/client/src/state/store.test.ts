import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Store } from './store.ts';

describe('Store', () => {
  it('tells its subscribers of a new value, and not of the same one', () => {
    const store = new Store({ count: 0 });
    let told = 0;
    const off = store.subscribe(() => (told += 1));
    store.update((state) => state);
    assert.equal(told, 0);
    store.update(({ count }) => ({ count: count + 1 }));
    assert.deepEqual([told, store.state.count], [1, 1]);
    off();
    store.update(() => ({ count: 5 }));
    assert.equal(told, 1);
  });
});
