/** What the address says about codecs, layers and ways: seen in what really flows. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { waitForMedia } from '@potluck/testkit/browser';
import { stage, type Guest } from './support.ts';

type Sent = { readonly codec: string; readonly scalabilityMode: string; readonly rid: string };

/** Every encoding of the camera that a page sends. */
const sentBy = async (guest: Guest): Promise<Sent[]> =>
  (await guest.outbound()).map(({ codec, scalabilityMode, rid }) => ({ codec, scalabilityMode, rid }));

const sending = (guest: Guest) =>
  waitFor(async () => (await guest.outbound()).some(({ framesEncoded, codec }) => framesEncoded > 0 && codec !== ''), {
    what: `${guest.name} to send`,
    timeoutMs: 40_000,
    everyMs: 100,
  });

describe('the address', () => {
  const at = stage();

  it('chooses the codec, and it is seen', async (t) => {
    const room = at.room();
    const bob = await at.join(room, 'Bob', '&produce=false');
    for (const codec of ['VP8', 'VP9', 'H264', 'AV1']) {
      const can = await bob.page.evaluate(
        (name) => RTCRtpSender.getCapabilities('video')?.codecs.some(({ mimeType }) => mimeType === `video/${name}`),
        codec,
      );
      if (can !== true) {
        t.diagnostic(`this Chromium does not encode ${codec}`);
        continue;
      }
      const sender = await at.join(room, codec, `&force${codec}=true`);
      await bob.sees(codec);
      await sending(sender);
      const codecs = new Set((await sentBy(sender)).map((sent) => sent.codec));
      assert.deepEqual([...codecs], [`video/${codec}`]);
      await sender.close();
      await bob.waitForTiles(['Bob (you)']);
    }
  });

  it('chooses how many layers are sent, and their mode', async () => {
    const room = at.room();
    const bob = await at.join(room, 'Bob', '&produce=false');
    const layersOf = async (name: string, query: string) => {
      const sender = await at.join(room, name, query);
      await bob.sees(name);
      await sending(sender);
      const sent = await sentBy(sender);
      await sender.close();
      return sent;
    };
    assert.equal((await layersOf('Two', '&numSimulcastStreams=2')).length, 2);
    assert.equal((await layersOf('One', '&enableWebcamLayers=false')).length, 1);
    const modes = await layersOf('Mode', '&numSimulcastStreams=1&webcamScalabilityMode=L1T2');
    assert.deepEqual(
      modes.map(({ scalabilityMode }) => scalabilityMode),
      ['L1T2'],
    );
  });

  it('chooses the layers of a shared screen, and their mode', async () => {
    const room = at.room();
    const bob = await at.join(room, 'Bob', '&produce=false');
    const shared = async (query: string) => {
      const sender = await at.join(room, 'Sam', query);
      await sender.page.getByTestId('share').click();
      await bob.sees('Sam’s screen');
      const screen = async () => (await sender.outbound()).filter(({ screen }) => screen);
      await waitFor(async () => (await screen()).some(({ scalabilityMode }) => scalabilityMode !== ''), {
        what: 'the screen to be encoded',
        timeoutMs: 40_000,
      });
      const layers = await screen();
      await sender.close();
      await bob.waitForTiles(['Bob (you)']);
      // What nobody gets is not encoded, and tells no mode.
      return { layers: layers.length, modes: [...new Set(layers.map((one) => one.scalabilityMode).filter(Boolean))] };
    };
    assert.deepEqual(await shared('&sharingScalabilityMode=L1T2'), { layers: 1, modes: ['L1T2'] });
    assert.deepEqual(await shared('&numSimulcastStreams=2&sharingScalabilityMode=L1T1'), {
      layers: 2,
      modes: ['L1T1'],
    });
    assert.deepEqual(await shared('&numSimulcastStreams=2&enableSharingLayers=false'), { layers: 1, modes: ['L1T3'] });
  });

  it('is told in words what cannot be sent: AV1 in several sizes', async () => {
    const sender = await at.join(at.room(), 'Sam', '&forceAV1=true&webcamScalabilityMode=L3T3');
    await sender.page.getByText('Camera: It cannot be sent the way the link asks for').waitFor();
  });

  it('forces TCP, and leaves out what is not wanted: sending, receiving, data channels', async () => {
    const room = at.room();
    const bob = await at.join(room, 'Bob');
    const tcp = await at.join(room, 'Tea', '&forceTcp=true');
    await Promise.all([tcp.sees('Bob'), bob.sees('Tea'), waitForMedia(tcp, { video: 1, audio: 1 })]);
    assert.deepEqual(new Set(await tcp.paths()), new Set(['tcp']));
    assert.deepEqual(new Set(await bob.paths()), new Set(['udp']));
    await tcp.close();

    const deaf = await at.join(room, 'Dee', '&consume=false');
    await bob.sees('Dee');
    assert.deepEqual(await deaf.inbound(), []);
    assert.equal(await deaf.tile('Bob').locator('video').count(), 0);
    await deaf.close();

    const silent = await at.join(room, 'Sil', '&produce=false');
    await silent.sees('Bob');
    assert.deepEqual(await silent.outbound(), []);
    await silent.close();

    const plain = await at.join(room, 'Pat', '&datachannel=false');
    await Promise.all([plain.sees('Bob'), bob.sees('Pat')]);
    // The chat goes with the signalling; files need channels.
    await plain.write('Without channels');
    await bob.reads('Without channels');
    assert.equal(await plain.page.getByTestId('attach').count(), 0);
    assert.equal(await bob.page.getByTestId('attach').count(), 1);
  });
});
