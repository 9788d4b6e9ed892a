/** The operator's port with real workers: everything that lives is found, nothing that ended is kept. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { observer } from 'mediasoup';
import { engineKinds, type Inspector } from '../../packages/server/src/media/inspect.ts';
import { openInspector } from '../../packages/server/src/media/mediasoup/inspector.ts';
import { killProcess } from '../../packages/server/src/media/mediasoup/worker-process.ts';
import { alternate, consumeOn, openTransport, produceOn, roomId, testFabric } from './support.ts';

const counts = (inspector: Inspector) => engineKinds.map((kind) => inspector.ids(kind).length);

describe('Inspector', () => {
  it('knows every object by its id, dumps and measures it, and forgets it with its end', async () => {
    const inspector = openInspector();
    await using fabric = await testFabric({ workers: 2 });
    assert.deepEqual(
      inspector.ids('worker').toSorted(),
      fabric
        .workers()
        .map(({ pid }) => String(pid))
        .toSorted(),
    );
    assert.equal(inspector.ids('webRtcServer').length, 2);
    const room = await fabric.openRoom(roomId);
    const transportId = await openTransport(room);
    const { id } = await produceOn(room, transportId, 'audio');
    const consumer = await consumeOn(room, transportId, id);
    const bot = await room.openServerData({ label: 'bot', protocol: '' });
    await room.listenData(bot).catch(() => {});

    assert.deepEqual(inspector.ids('producer'), [id]);
    assert.deepEqual(inspector.ids('consumer'), [consumer.id]);
    assert.ok(inspector.ids('transport').includes(transportId));
    for (const kind of engineKinds) {
      for (const one of inspector.ids(kind)) {
        const dumped = JSON.parse(JSON.stringify(await inspector.dump(kind, one))) as { id?: string; pid?: number };
        assert.equal(String(dumped.id ?? dumped.pid), one, kind);
      }
    }
    assert.ok(Array.isArray(await inspector.stats('producer', id)));
    assert.equal((await inspector.stats('transport', transportId)).length, 1);
    await assert.rejects(inspector.dump('router', 'nope'), { code: 'not_found', message: 'router "nope" not found' });
    await assert.rejects(inspector.dump('worker', 'nope'), { code: 'not_found' });
    await assert.rejects(inspector.stats('consumer', id), { code: 'not_found' });

    const { globals } = inspector;
    assert.ok(globals['workers']?.() instanceof Map);
    const newest = globals['producer']?.() as { id: string };
    assert.equal(newest.id, id);
    for (const name of ['audioLevelObserver', 'activeSpeakerObserver', 'webRtcServers', 'router', 'transport']) {
      await waitFor(() => globals[name]?.(), { what: name });
    }

    room.closeProducer(id);
    await waitFor(() => inspector.ids('consumer').length === 0, { what: 'the consumer to end with its producer' });
    room.close('the test is over');
    await waitFor(
      () =>
        counts(inspector)
          .slice(2)
          .every((count) => count === 0),
      { what: 'nothing of the room' },
    );
    assert.equal(globals['audioLevelObserver']?.(), undefined);
    await fabric.close();
    assert.deepEqual(
      counts(inspector),
      engineKinds.map(() => 0),
    );
    const listeners = observer.listenerCount('newworker');
    inspector.close();
    assert.equal(observer.listenerCount('newworker'), listeners - 1);
  });

  it('keeps the original where a pipe makes a copy with the same id', async () => {
    const inspector = openInspector();
    await using fabric = await testFabric({ workers: 2 }, { choose: alternate() });
    const room = await fabric.openRoom(roomId);
    const [here, there] = [await openTransport(room), await openTransport(room)];
    const { id } = await produceOn(room, here);
    await consumeOn(room, there, id);
    assert.equal(inspector.ids('router').length, 2);
    assert.deepEqual(inspector.ids('producer'), [id]);
    const original = inspector.globals['producer']?.() as { type: string };
    assert.equal(original.type, 'simple');
    room.closeProducer(id);
    assert.deepEqual(inspector.ids('producer'), []);
    inspector.close();
  });

  it('forgets all that a dead worker held, and follows its successor', async () => {
    const inspector = openInspector();
    await using fabric = await testFabric();
    const room = await fabric.openRoom(roomId);
    await produceOn(room, await openTransport(room));
    const [pid] = inspector.ids('worker');
    killProcess(Number(pid));
    await waitFor(() => inspector.ids('worker')[0] !== pid && inspector.ids('webRtcServer').length === 1, {
      what: 'another worker',
    });
    assert.deepEqual(inspector.ids('producer'), []);
    inspector.close();
  });
});
