import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OpenObjects } from './open-objects.ts';

type One = { closed: boolean; readonly name: string };
const one = (name: string): One => ({ closed: false, name });

describe('OpenObjects', () => {
  it('gives what is open, oldest first, and nothing that has closed', () => {
    const objects = new OpenObjects<string, One>();
    const [a, b, c] = [one('a'), one('b'), one('c')];
    for (const each of [a, b, c]) objects.add(each.name, each);
    a.closed = true;
    assert.equal(objects.get('a'), undefined);
    assert.equal(objects.get('b'), b);
    assert.deepEqual([...objects.all().values()], [b, c]);
  });

  it('keeps the first of one id while it is open, and takes the next one as the youngest after that', () => {
    const objects = new OpenObjects<string, One>();
    const [first, copy, other] = [one('first'), one('copy'), one('other')];
    objects.add('id', first);
    objects.add('other', other);
    objects.add('id', copy);
    assert.equal(objects.get('id'), first);
    first.closed = true;
    objects.add('id', copy);
    assert.deepEqual([...objects.all().values()], [other, copy]);
  });

  it('holds no more closed ones than there are open ones, but for a few', () => {
    const objects = new OpenObjects<number, One>();
    for (let id = 0; id < 100; id++) objects.add(id, one('open'));
    let most = 0;
    for (let id = 100; id < 10_000; id++) {
      const brief = one('brief');
      objects.add(id, brief);
      brief.closed = true;
      most = Math.max(most, objects.held);
    }
    assert.ok(most <= 2 * 101, `${most} were held`);
    objects.sweep();
    assert.equal(objects.held, 100);
  });
});
