import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expire, noticeMs, post, type Notice } from './notice-board.ts';

describe('post', () => {
  it('gathers joins in one notice, each name once', () => {
    let notices: readonly Notice[] = [];
    ['Ana', 'Bo', 'Ana'].forEach((name, index) => (notices = post(notices, { kind: 'joined', name }, index, index)));
    assert.equal(notices.length, 1);
    assert.deepEqual(notices[0]!.kind !== 'text' && notices[0]!.names, ['Bo', 'Ana']);
    assert.equal(notices[0]!.until, 2 + noticeMs);
  });

  it('keeps joins and leaves apart', () => {
    const notices = post(post([], { kind: 'joined', name: 'a' }, 1, 0), { kind: 'left', name: 'a' }, 2, 0);
    assert.equal(notices.length, 2);
  });

  it('never shows more than three, and no text twice', () => {
    let notices: readonly Notice[] = [];
    for (const text of ['a', 'b', 'c', 'd', 'd']) notices = post(notices, { kind: 'text', text, tone: 'plain' }, 1, 0);
    assert.deepEqual(
      notices.map((notice) => notice.kind === 'text' && notice.text),
      ['b', 'c', 'd'],
    );
  });
});

describe('expire', () => {
  it('drops what is over and leaves the list alone otherwise', () => {
    const notices = post([], { kind: 'joined', name: 'a' }, 1, 0);
    assert.equal(expire(notices, noticeMs - 1), notices);
    assert.deepEqual(expire(notices, noticeMs), []);
  });
});
