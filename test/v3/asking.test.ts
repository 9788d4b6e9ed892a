/** What else a v3 client may ask: statistics, another name, a worse network. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sharedServer } from './support.ts';

describe('v3 stats', () => {
  const v3 = sharedServer();

  it('come as arrays, of own objects only', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    const producerId = await alice.produce('audio');
    const dataProducerId = await alice.produceData('chat');
    const consumer = await bob.client.hear('newConsumer');
    const dataConsumer = await bob.client.hear('newDataConsumer', ({ label }) => label === 'chat');
    const one = await alice.client.request('getTransportStats', { transportId: alice.send?.id });
    assert.equal(one.length, 1);
    assert.equal(one[0].type, 'webrtc-transport');
    assert.deepEqual(await alice.client.request('getProducerStats', { producerId }), []);
    assert.ok(Array.isArray(await bob.client.request('getConsumerStats', { consumerId: consumer.id })));
    assert.equal((await alice.client.request('getDataProducerStats', { dataProducerId }))[0].label, 'chat');
    assert.equal(
      (await bob.client.request('getDataConsumerStats', { dataConsumerId: dataConsumer.id }))[0].label,
      'chat',
    );
    const foreign: [string, object][] = [
      ['getTransportStats', { transportId: alice.send?.id }],
      ['getProducerStats', { producerId }],
      ['getDataProducerStats', { dataProducerId }],
    ];
    for (const [method, data] of foreign) await bob.client.refused(method, data);
    await alice.client.refused('getDataConsumerStats', { dataConsumerId: dataConsumer.id });
  });

  it('need no join', async () => {
    const client = await v3.open(v3.room(), 'p');
    const { id } = await client.request('createWebRtcTransport', {});
    assert.equal((await client.request('getTransportStats', { transportId: id })).length, 1);
    for (const method of ['getProducerStats', 'getConsumerStats', 'getDataProducerStats', 'getDataConsumerStats']) {
      await client.refused(method, { producerId: 'x', consumerId: 'x', dataProducerId: 'x', dataConsumerId: 'x' });
    }
  });
});

describe('v3 names', () => {
  const v3 = sharedServer();

  it('change: the others are told old and new before the caller is answered', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    assert.deepEqual(await alice.client.request('changeDisplayName', { displayName: 'Alicia' }), {});
    assert.deepEqual(await bob.client.hear('peerDisplayNameChanged'), {
      peerId: 'alice',
      displayName: 'Alicia',
      oldDisplayName: 'Name of alice',
    });
    await alice.client.settle();
    assert.deepEqual(alice.client.said('peerDisplayNameChanged'), []);
    const later = await v3.join([...v3.server.app.registry.rooms.keys()].at(-1) ?? '', 'later');
    assert.equal(later.peers.find(({ id }) => id === 'alice').displayName, 'Alicia');
  });

  it('are cleaned of what makes them pose as others, and cut (10.3 row 18)', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    await alice.client.request('changeDisplayName', { displayName: `  A\u202El\u0000ice\n${'x'.repeat(500)}` });
    const { displayName } = await bob.client.hear('peerDisplayNameChanged');
    assert.match(displayName, /^Al ?ice x+$/);
    assert.ok(displayName.length <= 80);
    for (const bad of [undefined, null, 5, {}, 'x'.repeat(20_000)])
      await alice.client.refused('changeDisplayName', { displayName: bad });
  });
});

describe('v3 network throttle', () => {
  const v3 = sharedServer({ rooms: { networkThrottleSecret: 'open-sesame' } });
  const none = sharedServer();

  it('is refused with 403 without the secret, and when none is configured', async () => {
    const client = await v3.open(v3.room(), 'p');
    for (const secret of [undefined, '', 'wrong', 'open-sesam', 5, null]) {
      for (const method of ['applyNetworkThrottle', 'resetNetworkThrottle'])
        assert.equal((await client.refused(method, { secret })).errorCode, 403);
    }
    const other = await none.open(none.room(), 'p');
    for (const secret of [undefined, '', 'open-sesame'])
      assert.equal((await other.refused('applyNetworkThrottle', { secret })).errorCode, 403);
  });
});
