import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventOf } from './event-of.ts';
import { commandOf, wrap } from './messages.ts';

describe('messages of an embedded call', () => {
  it('carry commands and events', () => {
    assert.deepEqual(commandOf(wrap({ command: 'leave' })), { command: 'leave' });
    assert.deepEqual(commandOf(wrap({ command: 'camera', on: false })), { command: 'camera', on: false });
    assert.deepEqual(eventOf(wrap({ event: 'ended', reason: 'left' })), { event: 'ended', detail: { reason: 'left' } });
  });

  it('are told from whatever else a window hears', () => {
    for (const data of [undefined, null, 'join', {}, { potluck: null }, { potluck: { command: 'reboot' } }])
      assert.equal(commandOf(data), undefined);
    assert.equal(commandOf({ potluck: { command: 'camera', on: 'yes' } }), undefined);
    assert.equal(eventOf({ event: 'joined' }), undefined);
  });
});
