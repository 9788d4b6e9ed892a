import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeRtpCapabilities, fakeRtpParameters, settle, type SignallingClient } from '@potluck/testkit';
import { joinV3, startSessions } from './testing.ts';

async function enterWithMicrophone(client: SignallingClient, paused = false): Promise<string> {
  const transportId = client.notices('welcome')[0]?.sendTransport?.id ?? assert.fail('no transport');
  const entering = client.request('enter', { displayName: 'x', rtpCapabilities: fakeRtpCapabilities });
  const producing = client.request('produce', {
    transportId,
    kind: 'audio',
    rtpParameters: fakeRtpParameters('audio'),
    paused,
  });
  const [, { id }] = await Promise.all([entering, producing]);
  await settle();
  return id;
}

const heardBy = (client: SignallingClient) =>
  client.notices('consumersOpened').flatMap(({ consumers }) => consumers.map(({ producerId }) => producerId as string));

describe('Sessions in a room with more microphones than places', () => {
  it('hear those who have the floor; a v3 client hears all; whoever is not heard knows it and can claim', async () => {
    const { open, clock } = startSessions('open', undefined, {}, { loudestSpeakers: 2 });
    const ann = await open('ann', 'potluck');
    const bob = await open('bob', 'potluck');
    const cyd = await open('cyd', 'potluck');
    const old = await open('old', 'v3');
    await enterWithMicrophone(ann);
    const muted = await enterWithMicrophone(bob, true);
    const last = await enterWithMicrophone(cyd);
    await joinV3(old, 'Old');
    await settle();
    // Bob is muted: the place is for whoever comes with an open microphone.
    assert.deepEqual(bob.notices('microphoneHeard'), [{ producerId: muted, heard: false }]);
    assert.deepEqual(heardBy(ann).includes(last), true);
    assert.equal(old.names().filter((name) => name === 'newConsumer').length, 3);

    // Nobody is put out for being silent for a moment.
    clock.advance(5000);
    await bob.request('resumeProducer', { producerId: muted });
    await settle();
    assert.deepEqual(bob.notices('microphoneHeard').at(-1), { producerId: muted, heard: true });
    await assert.rejects(ann.request('claimFloor', { producerId: last }), /not found/);
    await bob.request('claimFloor', { producerId: muted });
  });

  it('begin with sound that flows and pictures that wait', async () => {
    const { open, fabric } = startSessions();
    const ann = await open('ann', 'potluck');
    const bob = await open('bob', 'potluck');
    await enterWithMicrophone(ann);
    await enterWithMicrophone(bob);
    assert.deepEqual(
      [...fabric.room('r').consumers.values()].map(({ paused }) => paused),
      [false, false],
    );
    const consumerIds = bob.notices('consumersOpened').flatMap(({ consumers }) => consumers.map(({ id }) => id));
    await bob.request('resumeConsumers', { consumerIds });
    assert.equal(fabric.room('r').calls.count('resumeConsumer'), 0);
    await bob.request('setView', { audio: false, video: [] });
    await settle();
    assert.equal(fabric.room('r').calls.count('pauseConsumer'), 1);
  });
});
