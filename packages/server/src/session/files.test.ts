import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FileId, PeerId, TransferId } from '@potluck/protocol';
import { settle } from '@potluck/testkit';
import { enterOwn, joinV3, startSessions as start } from './testing.ts';

const fileId = 'soup' as FileId;
const transferId = 'spoon' as TransferId;
const soup = { id: fileId, name: 'soup.txt', size: 10, type: 'text/plain' };

const channels = ({ heard }: { heard: readonly { name: string; data: unknown }[] }): string[] =>
  heard.flatMap(({ name, data }) => (name === 'newDataConsumer' ? [(data as { label: string }).label] : []));

async function three() {
  const world = start();
  const [ann, bob, cy] = [
    await world.open('ann', 'potluck'),
    await world.open('bob', 'potluck'),
    await world.open('cy', 'potluck'),
  ];
  const { welcome } = await enterOwn(ann, 'Ann');
  await enterOwn(bob, 'Bob');
  await enterOwn(cy, 'Cy');
  const produce = (to: string[] | undefined) =>
    ann.request('produceData', {
      transportId: welcome.sendTransport!.id,
      sctpStreamParameters: { streamId: 1 },
      label: 'file',
      ...(to !== undefined && { to: to.map((id) => id as PeerId) }),
    });
  const leave = async (client: typeof ann) => {
    await client.request('leave', {});
    world.clock.advance(0);
    await settle();
  };
  return { ...world, ann, bob, cy, produce, leave };
}

describe('data channels to named peers', () => {
  it('reach nobody else', async () => {
    const { produce, bob, cy } = await three();
    await produce(['bob']);
    await settle();
    assert.deepEqual([channels(bob), channels(cy)], [['bot', 'file'], ['bot']]);
  });

  it('are made also while who gets them has lost a transport', async () => {
    const { produce, bob, fabric } = await three();
    const lost = bob.notices('welcome')[0]?.receiveTransport;
    assert.ok(lost);
    fabric.room('r').loseTransports('worker died', [lost.id]);
    await settle();
    await produce(['bob']);
  });

  it('are refused for who is not there, takes none, or is oneself', async () => {
    const { produce, open } = await three();
    await assert.rejects(produce(['bob', 'nobody']), { code: 'not_found', message: /nobody else with the id nobody/u });
    await assert.rejects(produce(['ann']), { code: 'not_found' });
    await assert.rejects(produce([]), { code: 'bad_request' });
    await joinV3(await open('old', 'v3'), 'Old');
    await assert.rejects(produce(['old']), { code: 'conflict', message: /old receives no data channels/u });
  });

  it('forget who leaves, and end with the last: who takes that id gets nothing', async () => {
    const { produce, ann, bob, cy, open, leave } = await three();
    const { id } = await produce(['bob', 'cy']);
    await leave(bob);
    assert.deepEqual(ann.notices('dataProducerClosed'), []);
    const other = await open('bob', 'potluck');
    await enterOwn(other, 'Not Bob');
    assert.deepEqual(channels(other), ['bot']);
    await leave(cy);
    assert.deepEqual(
      ann.notices('dataProducerClosed').map(({ dataProducerId }) => dataProducerId),
      [id],
    );
    await assert.rejects(ann.request('closeDataProducer', { dataProducerId: id }), { code: 'not_found' });
  });
});

describe('files', () => {
  it('are told to all, also to who comes later, with clean names', async () => {
    const { ann, bob, open } = await three();
    await ann.request('offerFile', { ...soup, name: 'C:\\temp\\..\\\u202Egpj.exe ', type: 'text/html<script>' });
    await settle();
    const [offer] = bob.notices('fileOffered');
    assert.deepEqual([offer?.peerId, offer?.displayName, offer?.name, offer?.type], ['ann', 'Ann', 'gpj.exe', 'application/octet-stream']); // prettier-ignore
    const late = await open('late', 'potluck');
    const { answer } = await enterOwn(late, 'Late');
    assert.deepEqual(
      answer.files.map(({ id }) => id),
      [fileId],
    );
    assert.equal(answer.maxFileBytes, 1_000_000);
  });

  it('are bounded in size and number, and their ids are their owners’', async () => {
    const { ann, bob } = await three();
    await assert.rejects(ann.request('offerFile', { ...soup, size: 1_000_001 }), { code: 'too_large' });
    for (const id of ['a', 'b', 'c', 'c']) await ann.request('offerFile', { ...soup, id: id });
    await assert.rejects(ann.request('offerFile', { ...soup, id: 'd' }), { code: 'rate_limited' });
    await assert.rejects(bob.request('offerFile', { ...soup, id: 'a' }), { code: 'conflict' });
    await assert.rejects(bob.request('withdrawFile', { fileId: 'a' }), { code: 'not_found' });
  });

  it('introduce receiver and owner, and nobody else has a say', async () => {
    const { ann, bob, cy } = await three();
    await ann.request('offerFile', soup);
    await bob.request('fetchFile', { fileId, transferId });
    await bob.request('reportFile', { transferId, epoch: 1, received: 5 });
    await settle();
    assert.deepEqual(ann.notices('fileWanted'), [{ transferId, fileId, by: 'bob' }]);
    assert.deepEqual(ann.notices('fileReported'), [{ transferId, epoch: 1, received: 5 }]);
    await assert.rejects(cy.request('reportFile', { transferId, epoch: 9, received: 0 }), { code: 'not_found' });
    await assert.rejects(cy.request('endFile', { transferId, reason: 'failed' }), { code: 'not_found' });
    await assert.rejects(cy.request('fetchFile', { fileId, transferId }), { code: 'conflict' });
    await bob.request('endFile', { transferId, reason: 'received' });
    await settle();
    assert.deepEqual(ann.notices('fileEnded'), [{ transferId, reason: 'received' }]);
  });

  it('are fetched three at a time', async () => {
    const { ann, bob, cy } = await three();
    for (const id of ['a', 'b', 'c']) await ann.request('offerFile', { ...soup, id: id });
    await cy.request('offerFile', { ...soup, id: 'd' });
    const fetch = (id: string) => bob.request('fetchFile', { fileId: id, transferId: `t${id}` as TransferId });
    for (const id of ['a', 'b', 'c']) await fetch(id);
    await assert.rejects(fetch('d'), { code: 'rate_limited' });
    await assert.rejects(bob.request('fetchFile', { fileId: 'a', transferId }), { code: 'conflict' });
  });

  it('end with their owner, on both sides', async () => {
    const { ann, bob, leave } = await three();
    await ann.request('offerFile', soup);
    await bob.request('fetchFile', { fileId, transferId });
    await leave(ann);
    assert.deepEqual(bob.notices('fileEnded'), [{ transferId, reason: 'left' }]);
    assert.deepEqual(bob.notices('fileWithdrawn'), [{ fileId }]);
  });

  it('need the right to send data, and end with it', async () => {
    const { ann, bob } = await three();
    await bob.request('offerFile', soup);
    await ann.request('setPermission', { peerId: 'bob', permission: 'publishData', allowed: false });
    await settle();
    assert.deepEqual(ann.notices('fileWithdrawn'), [{ fileId }]);
    await assert.rejects(bob.request('offerFile', soup), { code: 'forbidden' });
    await ann.request('offerFile', soup);
    await bob.request('fetchFile', { fileId, transferId });
  });

  it('are a line of chat for v3 clients', async () => {
    const { ann, open, fabric } = await three();
    await joinV3(await open('old', 'v3'), 'Old');
    await ann.request('offerFile', soup);
    await settle();
    const said = [...fabric.room('r').dataProducers.values()].flatMap(({ sent }) => sent);
    assert.deepEqual(said, ['📎 soup.txt (1 kB). Open this room in Potluck to get it.']);
  });
});
