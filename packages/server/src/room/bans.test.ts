import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PeerId } from '@potluck/protocol';
import { Bans } from './bans.ts';

const id = (text: string) => PeerId.parse(text);
const banOf = (text: string, address?: string) => ({
  peerId: id(text),
  displayName: text.toUpperCase(),
  since: 7,
  ...(address !== undefined && { address }),
});

describe('Bans', () => {
  it('cover an id, and an address where one is known', () => {
    const bans = new Bans([banOf('bob', '192.0.2.7'), banOf('eve')]);
    assert.equal(bans.covers(id('bob'), '192.0.2.9'), true);
    assert.equal(bans.covers(id('new'), '192.0.2.7'), true);
    assert.equal(bans.covers(id('new'), '192.0.2.9'), false);
  });

  it('end with id and address together', () => {
    const bans = new Bans([banOf('bob', '192.0.2.7')]);
    bans.lift(id('bob'));
    assert.equal(bans.covers(id('bob'), '192.0.2.7'), false);
    assert.throws(() => bans.lift(id('bob')), { code: 'not_found', message: /bob/ });
  });

  it('are listed without addresses', () => {
    assert.deepEqual(new Bans([banOf('bob', '192.0.2.7')]).list, [{ peerId: 'bob', displayName: 'BOB', since: 7 }]);
  });

  it('are at most 500, and those who are among them may be banned again', () => {
    const bans = new Bans(Array.from({ length: 500 }, (_, index) => banOf(`p${index}`)));
    assert.throws(() => bans.add(banOf('one-more')), { code: 'unavailable', message: /500/ });
    bans.add(banOf('p3', '192.0.2.7'));
    assert.equal(bans.covers(id('x'), '192.0.2.7'), true);
  });
});
