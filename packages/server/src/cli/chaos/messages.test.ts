import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RemoteBot } from './crew.ts';
import { Messages } from './messages.ts';

type Order = RemoteBot['order'];
const obeys: { order: Order } = { order: (async () => undefined) as Order };
const died: { order: Order } = { order: () => Promise.reject(new Error('the process is gone')) };

describe('Messages', () => {
  it('wants each in the chat once', () => {
    const messages = new Messages();
    for (let told = 0; told < 3; told++) messages.say(obeys);
    assert.deepEqual(messages.notSaidOnce(['message 1', 'message 3', 'message 3']), ['message 2', 'message 3']);
    assert.deepEqual(messages.notSaidOnce(['message 1', 'message 2', 'message 3', 'other']), []);
  });

  it('tells of a bot that could not say it once, and not again after the next step', async () => {
    const messages = new Messages();
    messages.say(died);
    messages.say(obeys);
    await assert.rejects(messages.settled(), /the process is gone/);
    await messages.settled();
  });
});
