import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChatMessage, PeerId, SharedFile } from '@potluck/client';
import { groupItems } from './groups.ts';

const said = (id: string, peerId: string, sentAt: number): ChatMessage => ({
  id,
  peerId: peerId as PeerId,
  displayName: peerId,
  text: id,
  sentAt,
});
const offered = (id: string, peerId: string, offeredAt: number): SharedFile => ({
  id: id as SharedFile['id'],
  peerId: peerId as PeerId,
  displayName: peerId,
  name: id,
  size: 1,
  type: 'a/b',
  offeredAt,
  own: false,
  available: true,
  fetch: { kind: 'none' },
  sending: [],
  receivedBy: [],
});

describe('groupItems', () => {
  it('puts what was said and offered in the order of time, by sender', () => {
    const groups = groupItems(
      [said('a', 'ann', 1), said('c', 'ann', 3), said('d', 'bob', 4)],
      [offered('b', 'ann', 2)],
    );
    assert.deepEqual(
      groups.map(({ peerId, items }) => [peerId, items.map(({ id }) => id)]),
      [
        ['ann', ['a', 'b', 'c']],
        ['bob', ['d']],
      ],
    );
  });

  it('begins anew after a pause', () => {
    assert.equal(groupItems([said('a', 'ann', 0), said('b', 'ann', 180_000)], []).length, 2);
  });
});
