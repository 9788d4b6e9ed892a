/** Our web app in one room with a client of mediasoup-demo v3, and with somebody who sends junk. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { waitForMedia } from '@potluck/testkit/browser';
import { openV3 } from '@potluck/testkit/v3-client';
import { exitAfterTests, fakeCamera, fakeMicrophone, listenTo, watchVideo } from '../sdk/runtime.ts';
import { openMediaPeer } from '../v3/media-peer.ts';
import { stage } from './support.ts';

after(exitAfterTests);

describe('the web app and a v3 client', () => {
  const at = stage();

  it('see, hear and read each other', async () => {
    using camera = fakeCamera();
    using microphone = fakeMicrophone();
    const room = at.room();
    const ada = await at.join(room, 'Ada');
    const client = await openV3(at.server.wss, { roomId: room, peerId: 'old-client' });
    const old = await openMediaPeer(client, { displayName: 'Old client' });
    try {
      await old.produce(camera.track);
      await old.produce(microphone.track);
      await ada.waitForTiles(['Ada (you)', 'Old client']);
      await ada.sees('Old client');
      await waitForMedia(ada, { video: 1, audio: 1 });

      const adaId = [...old.consumers.values()].map((consumer) => consumer.appData['peerId'] as string)[0];
      assert.ok(adaId);
      using seen = watchVideo((await old.consumerOf(adaId, 'video')).track);
      using heard = listenTo((await old.consumerOf(adaId, 'audio')).track);
      await waitFor(() => seen.frames > 5 && seen.width > 0, { what: 'the picture of Ada', timeoutMs: 40_000 });
      await waitFor(() => heard.energy > 0, { what: 'the sound of Ada' });

      const chat = await old.produceData('chat');
      chat.send('Hello from 2019');
      await ada.reads('Hello from 2019');
      await ada.write('Hello from today');
      await waitFor(() => old.messages.some(({ data }) => data === 'Hello from today'), {
        what: 'the words of Ada on the chat channel',
      });

      await ada.press('Mute microphone');
      await client.hear('consumerPaused');
      await client.request('changeDisplayName', { displayName: 'Renamed' });
      await ada.waitForTiles(['Ada (you)', 'Renamed']);
    } finally {
      old.close();
    }
    await ada.waitForTiles(['Ada (you)']);
  });
});

describe('a call beside somebody who sends junk', () => {
  const at = stage();

  it('does not notice', async () => {
    const room = at.room();
    const ada = await at.join(room, 'Ada');
    const bob = await at.join(room, 'Bob');
    await Promise.all([ada.sees('Bob'), bob.sees('Ada')]);
    const { wss } = at.server;
    for (const roomId of [room, at.room()]) {
      const villain = await openV3(wss, { roomId, peerId: 'villain' });
      for (const text of ['null', '[]', '42', '"x"', '{', '{}', '{"request":true}', `"${'x'.repeat(900_000)}"`])
        villain.sendText(text);
      for (const method of ['join', 'produce', 'closeProducer', 'noSuchThing', '__proto__']) {
        await villain
          .request(method, { producerId: '__proto__', rtpParameters: 'junk', displayName: 7 })
          .catch(() => {});
      }
      villain.sendText('x'.repeat(1_000_000));
      assert.equal((await villain.ended()).code, 1009);
    }
    await Promise.all([ada.sees('Bob'), bob.sees('Ada')]);
    await ada.write('Still here');
    await bob.reads('Still here');
    await ada.waitForTiles(['Ada (you)', 'Bob']);
  });
});
