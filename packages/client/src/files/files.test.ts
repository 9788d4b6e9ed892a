import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Emitter, Tasks } from '@potluck/kernel';
import { DataConsumerInfo, FileOffer, PeerId, type TransferId } from '@potluck/protocol';
import { FakeClock, settle } from '@potluck/testkit';
import type { RoomEvents } from '../api.ts';
import { DataPublication } from '../media/publishing-data.ts';
import type { Call } from '../signal/api.ts';
import { initialState } from '../state/initial.ts';
import { Store } from '../state/store.ts';
import { Files } from './files.ts';

const offerOf = (id: string, peerId = 'ann', size = 10) =>
  FileOffer.parse({ id, peerId, displayName: peerId, name: id, size, type: 'a/b', offeredAt: 1 });
const channelOf = (peerId: string, transferId: unknown) =>
  DataConsumerInfo.parse({
    peerId,
    dataProducerId: 'p',
    id: 'c',
    sctpStreamParameters: { streamId: 1 },
    label: 'file',
    protocol: '',
    appData: { transferId },
  });

function build(cannotSend?: string) {
  const asked: { method: string; input: Record<string, unknown> }[] = [];
  const call = (async (method: string, input: Record<string, unknown>) => {
    asked.push({ method, input });
    return method === 'offerFile' ? { ...offerOf(String(input['id']), 'me'), ...input } : {};
  }) as unknown as Call;
  const store = new Store(initialState('kitchen', PeerId.parse('me'), 'Me'));
  const warned: unknown[] = [];
  const files = new Files({
    call,
    persist: (ask) => ask(),
    sending: { publishData: (spec) => new DataPublication(call, spec) },
    store,
    events: new Emitter<RoomEvents>(),
    cannotSend,
    tasks: new Tasks((_, error) => warned.push(error)),
    clock: new FakeClock(),
  });
  const named = (method: string) => asked.filter((one) => one.method === method).map(({ input }) => input);
  return { files, store, named, warned };
}

describe('Files', () => {
  it('take a channel only from whose file was asked for, by the name of the transfer', () => {
    const { files, named } = build();
    files.entered([offerOf('soup')], 100);
    files.fetch('soup');
    const transferId = named('fetchFile')[0]?.['transferId'];
    assert.ok(files.claim(channelOf('ann', transferId)));
    assert.equal(files.claim(channelOf('eve', transferId)), undefined);
    assert.equal(files.claim(channelOf('ann', 'other')), undefined);
    assert.equal(files.claim({ ...channelOf('ann', transferId), label: 'notes' }), undefined);
  });

  it('let nobody take over the id of another’s file', () => {
    const { files, store } = build();
    files.entered([offerOf('soup')], 100);
    files.noticed({ name: 'fileWithdrawn', data: { fileId: offerOf('soup').id } });
    files.noticed({ name: 'fileOffered', data: offerOf('soup', 'eve') });
    assert.deepEqual(
      store.state.files.map(({ peerId, available }) => [peerId, available]),
      [['ann', false]],
    );
  });

  it('fetch three at once, and the fourth when one of them ends', async () => {
    const { files, named } = build();
    files.entered(
      ['a', 'b', 'c', 'd'].map((id) => offerOf(id)),
      100,
    );
    const fetches = ['a', 'b', 'c', 'd'].map((id) => files.fetch(id));
    await settle();
    assert.deepEqual(
      named('fetchFile').map(({ fileId }) => fileId),
      ['a', 'b', 'c'],
    );
    fetches[1]?.cancel();
    await settle();
    assert.deepEqual(
      named('fetchFile').map(({ fileId }) => fileId),
      ['a', 'b', 'c', 'd'],
    );
  });

  it('are offered again to a server that forgot them, and asked for again', async () => {
    const { files, named } = build();
    files.entered([offerOf('soup')], 100);
    const own = await files.offer(new Blob(['bread']), { name: 'bread' });
    files.fetch('soup');
    files.entered([offerOf('soup')], 100);
    await settle();
    assert.deepEqual(
      named('offerFile').map(({ id }) => id),
      [own.id, own.id],
    );
    assert.equal(new Set(named('fetchFile').map(({ transferId }) => transferId)).size, 1);
    assert.equal(named('fetchFile').length, 2);
  });

  it('go on by themselves when their sender is back', async () => {
    const { files, named } = build();
    files.entered([offerOf('soup')], 100);
    const fetching = files.fetch('soup');
    const transferId = named('fetchFile')[0]?.['transferId'] as TransferId;
    files.noticed({ name: 'fileEnded', data: { transferId, reason: 'left' } });
    files.noticed({ name: 'fileWithdrawn', data: { fileId: offerOf('soup').id } });
    assert.equal(fetching.state.kind, 'failed');
    assert.throws(() => files.fetch('soup'), { code: 'unavailable' });
    files.noticed({ name: 'fileOffered', data: offerOf('soup') });
    assert.equal(fetching.state.kind, 'waiting');
  });

  it('refuse what cannot be, in words', async () => {
    const { files } = build();
    files.entered([offerOf('soup', 'ann', 1000), offerOf('mine', 'me')], 100);
    assert.throws(() => files.fetch('nothing'), { code: 'not_found' });
    assert.throws(() => files.fetch('soup'), { code: 'too_large', message: /at most 100/u });
    assert.throws(() => files.fetch('mine'), { code: 'conflict' });
    await assert.rejects(files.withdraw('soup'), { code: 'not_found' });
    const deaf = build('no send transport').files;
    await assert.rejects(deaf.offer(new Blob([])), { code: 'conflict', message: 'no send transport' });
    assert.equal(deaf.maxBytes, 0);
  });

  it('answer who asks for a file that is gone', async () => {
    const { files, named } = build();
    const wanted = { transferId: 't' as TransferId, fileId: offerOf('old').id, by: PeerId.parse('bob') };
    files.noticed({ name: 'fileWanted', data: wanted });
    await settle();
    assert.deepEqual(named('endFile'), [{ transferId: 't', reason: 'withdrawn' }]);
  });
});
