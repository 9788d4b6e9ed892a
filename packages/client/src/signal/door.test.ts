import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@potluck/testkit';
import { askDoorBy } from './door.ts';

const question = { roomId: 'kitchen', peerId: 'ann', token: 'a.b.c', resume: 'secret' };
const answering = (status: number, body: unknown) => {
  const asked: Request[] = [];
  const request: typeof fetch = async (url, init) => {
    asked.push(new Request(url, init));
    return new Response(JSON.stringify(body), { status });
  };
  return { asked, ask: askDoorBy(request) };
};

describe('askDoor', () => {
  it('asks the server of whatever URL was given, with the secrets outside of it', async () => {
    const { asked, ask } = answering(200, { door: 'password', now: 7 });
    assert.deepEqual(await ask('wss://meet.test:4443/x?y=1', question), { kind: 'answered', door: 'password', now: 7 });
    assert.equal(asked[0]?.url, 'https://meet.test:4443/api/door');
    assert.equal(asked[0]?.headers.get('authorization'), 'Bearer a.b.c');
    assert.deepEqual(await asked[0]?.json(), { roomId: 'kitchen', peerId: 'ann', resume: 'secret' });
  });

  it('tells a server that takes nobody from one that is not there', async () => {
    for (const status of [429, 503])
      assert.deepEqual(await answering(status, { detail: 'draining' }).ask('ws://meet.test', question), {
        kind: 'busy',
        message: 'draining',
      });
    for (const [status, body] of [
      [404, { detail: 'an older server' }],
      [200, '<html>'],
      [200, { door: 'ajar', now: 1 }],
    ] as const)
      assert.equal(await answering(status, body).ask('ws://meet.test', question), undefined);
    const failing = askDoorBy(() => Promise.reject(new TypeError('no network')));
    assert.equal(await failing('ws://meet.test', question), undefined);
    assert.equal(await failing('kitchen', question), undefined);
  });

  it('does not wait for ever', async () => {
    const clock = new FakeClock();
    const silent = askDoorBy(() => new Promise<Response>(() => {}), clock);
    const asking = silent('ws://meet.test', question);
    clock.advance(5000);
    assert.equal(await asking, undefined);
  });
});
