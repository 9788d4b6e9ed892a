/** Somebody in the room wants files that are not for it, or to drown the others in them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { settle, waitFor } from '@potluck/testkit';
import { startServer, type TestServer } from '@potluck/testkit/server';
import { joinV3, openV3, sctpCapabilities, V3Error } from '@potluck/testkit/v3-client';
import { askRaw } from './raw.ts';

const refusal = (asking: Promise<unknown>): Promise<number> =>
  asking.then(
    () => 200,
    (error: unknown) => (error instanceof V3Error ? error.errorCode : 0),
  );

describe('an attacker in the room', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server[Symbol.asyncDispose]());
  const join = async (roomId: string, peerId: string) => joinV3(await openV3(server.ws, { roomId, peerId }));

  it('reads no data channel that is for another, not even by its id', async () => {
    const [host, friend, eve] = [
      await join('vault', 'host'),
      await join('vault', 'friend'),
      await join('vault', 'eve'),
    ];
    const secret = await host.produceData('file', { to: ['friend'] });
    const open = await host.produceData('open');
    const heardBy = ({ client }: typeof host) =>
      client.heard.flatMap(({ name, data }) => (name === 'newDataConsumer' ? [String(data.dataProducerId)] : []));
    await waitFor(() => heardBy(friend).includes(open) && heardBy(eve).includes(open), { what: 'the open channel' });
    assert.deepEqual([heardBy(friend).includes(secret), heardBy(eve).includes(secret)], [true, false]);
    assert.equal(await refusal(eve.client.request('getDataProducerStats', { dataProducerId: secret })), 404);

    // As a broadcaster, which names what it wants.
    const port = server.app.httpPort ?? 0;
    const post = async (path: string, body: object) =>
      askRaw(port, `/rooms/vault/broadcasters${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify(body),
      });
    const { rtpCapabilities } = eve;
    const made = await post('', { id: 'mole', displayName: 'Mole', device: { name: 'x' }, rtpCapabilities });
    assert.equal(made.status, 200, made.text);
    const transport = await post('/mole/transports', { type: 'webrtc', sctpCapabilities });
    const id = /"id":"([^"]+)"/u.exec(transport.text)?.[1];
    assert.equal((await post(`/mole/transports/${id}/consume/data`, { dataProducerId: open })).status, 200);
    assert.equal((await post(`/mole/transports/${id}/consume/data`, { dataProducerId: secret })).status, 404);

    // By taking the place of the one it was for.
    await friend.client.leave();
    const other = await join('vault', 'friend');
    await waitFor(() => heardBy(other).includes(open), { what: 'the open channel' });
    assert.equal(heardBy(other).includes(secret), false);
  });

  it('has no say in the transfers of others', async () => {
    const [ann, bob, eve] = [await join('post', 'ann'), await join('post', 'bob'), await join('post', 'eve')];
    await ann.client.request('offerFile', { id: 'f', name: 'f', size: 1, type: '' });
    await bob.client.request('fetchFile', { fileId: 'f', transferId: 't' });
    const tries = [
      ['reportFile', { transferId: 't', epoch: 9, received: 0 }, 404],
      ['endFile', { transferId: 't', reason: 'cancelled' }, 404],
      ['fetchFile', { fileId: 'f', transferId: 't' }, 409],
      ['withdrawFile', { fileId: 'f' }, 404],
      ['offerFile', { id: 'f', name: 'mine now', size: 1, type: '' }, 409],
    ] as const;
    for (const [method, data, status] of tries)
      assert.equal(await refusal(eve.client.request(method, data)), status, method);
  });

  it('floods nobody with offers, and offers nothing beyond the limit', async () => {
    const [ann, eve] = [await join('market', 'ann'), await join('market', 'eve')];
    for (const size of [200_000_001, 1e15]) {
      assert.equal(await refusal(eve.client.request('offerFile', { id: 'x', name: 'x', size, type: '' })), 413);
    }
    for (const size of [-1, 0.5, 1e308, 'many']) {
      assert.equal(await refusal(eve.client.request('offerFile', { id: 'x', name: 'x', size, type: '' })), 400);
    }
    const asked = Array.from({ length: 500 }, (_, n) =>
      refusal(eve.client.request('offerFile', { id: `f${n}`, name: 'x'.repeat(10_000), size: 1, type: '' })),
    );
    const taken = (await Promise.all(asked)).filter((status) => status === 200).length;
    assert.ok(taken > 0 && taken <= 20, `${taken} taken`);
    // A v3 client hears none of it but lines of chat; one of ours hears as many as were taken.
    assert.equal(
      ann.client.heard.some(({ name }) => name === 'fileOffered'),
      false,
    );
    await settle();
    assert.equal(await refusal(ann.client.request('changeDisplayName', { displayName: 'Still here' })), 200);
  });
});
