/** Data producers and consumers of the v3 interface, as far as signalling alone shows them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sharedServer } from './support.ts';

describe('v3 data channels', () => {
  const v3 = sharedServer();

  it('chat goes to every other joined peer, with all that v3 reads', async () => {
    const [alice, bob, carol] = await v3.joinAll(v3.room(), ['alice', 'bob', 'carol']);
    const dataProducerId = await alice.produceData('chat');
    for (const { client } of [bob, carol]) {
      const offer = await client.hear('newDataConsumer', ({ label }) => label === 'chat');
      assert.deepEqual(Object.keys(offer).toSorted(), [
        'appData',
        'dataProducerId',
        'id',
        'label',
        'peerId',
        'protocol',
        'sctpStreamParameters',
      ]);
      assert.deepEqual([offer.peerId, offer.dataProducerId, offer.protocol], ['alice', dataProducerId, '']);
      assert.equal(offer.appData.info, 'my-chat-DataProducer');
      const { streamId, ordered, maxRetransmits } = offer.sctpStreamParameters;
      assert.ok(Number.isInteger(streamId));
      assert.deepEqual([ordered, maxRetransmits], [false, 1]);
    }
    await alice.client.settle();
    assert.deepEqual(
      alice.client.said('newDataConsumer').filter(({ label }) => label === 'chat'),
      [],
    );
  });

  it('bot comes to everyone with data channels, of nobody (peerId null), ordered', async () => {
    const alice = await v3.join(v3.room(), 'alice');
    const offer = await alice.client.hear('newDataConsumer');
    assert.deepEqual([offer.peerId, offer.label], [null, 'bot']);
    assert.equal(offer.sctpStreamParameters.ordered, true);
    assert.deepEqual(offer.appData, {});
  });

  it('bot of a peer is for the bot alone', async () => {
    const roomId = v3.room();
    const [alice, bob] = await v3.joinAll(roomId, ['alice', 'bob']);
    await alice.produceData('bot');
    const later = await v3.join(roomId, 'later');
    await later.client.hear('newDataConsumer');
    await Promise.all([bob.client.settle(), later.client.settle()]);
    for (const { client } of [bob, later])
      assert.deepEqual(
        client.said('newDataConsumer').map(({ peerId }) => peerId),
        [null],
      );
  });

  it('of any other label reach late comers; those present get them too (10.3 row 14)', async () => {
    const roomId = v3.room();
    const [alice, bob] = await v3.joinAll(roomId, ['alice', 'bob']);
    await alice.produceData('telemetry', { protocol: 'json' });
    const later = await v3.join(roomId, 'later');
    for (const { client } of [later, bob])
      assert.equal((await client.hear('newDataConsumer', ({ label }) => label === 'telemetry')).protocol, 'json');
    await later.client.settle();
    assert.equal(later.client.said('newDataConsumer').filter(({ label }) => label === 'telemetry').length, 1);
  });

  it('may be several of one label: each transport recovery makes new ones (10.1 no. 13)', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    const ids = [
      await alice.produceData('chat'),
      await alice.produceData('chat'),
      await alice.produceData('bot'),
      await alice.produceData('bot'),
    ];
    assert.equal(new Set(ids).size, 4);
    await bob.client.hearAll('newDataConsumer', 3);
  });

  it('are refused in words when their parameters cannot be', async () => {
    const alice = await v3.join(v3.room(), 'alice');
    const valid = {
      transportId: alice.send?.id,
      sctpStreamParameters: { streamId: 1 },
      label: 'chat',
      protocol: '',
      appData: {},
    };
    const bad: object[] = [
      { ...valid, transportId: 'nope' },
      { ...valid, sctpStreamParameters: undefined },
      { ...valid, sctpStreamParameters: { streamId: 70_000 } },
      { ...valid, sctpStreamParameters: { streamId: 'one' } },
      { ...valid, sctpStreamParameters: { streamId: 1, maxRetransmits: 1, maxPacketLifeTime: 1 } },
      { ...valid, sctpStreamParameters: { streamId: 1, ordered: true, maxRetransmits: 1 } },
      { ...valid, appData: 'text' },
      { ...valid, appData: { text: 'x'.repeat(100_000) } },
      { ...valid, label: 'x'.repeat(10_000) },
      { ...valid, label: 5 },
    ];
    for (const data of bad) {
      const error = await alice.client.refused('produceData', data);
      assert.ok(error.message !== 'Internal error', `${JSON.stringify(data).slice(0, 120)}: ${error.message}`);
    }
  });

  it('need a transport with SCTP', async () => {
    const alice = await v3.join(v3.room(), 'alice', { datachannel: false });
    const error = await alice.client.refused('produceData', {
      transportId: alice.send?.id,
      sctpStreamParameters: { streamId: 1 },
    });
    assert.notEqual(error.message, 'Internal error');
  });

  it('work with neither label nor protocol nor appData', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    await alice.client.request('produceData', { transportId: alice.send?.id, sctpStreamParameters: { streamId: 1 } });
    const offer = await bob.client.hear('newDataConsumer', ({ peerId }) => peerId === 'alice');
    assert.deepEqual([offer.label, offer.protocol], ['', '']);
    assert.equal(typeof offer.appData, 'object');
  });
});
