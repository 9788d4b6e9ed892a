/** Calls of the web app in Chromium: what two and three people see, hear and read of each other. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitForMedia } from '@potluck/testkit/browser';
import { stage } from './support.ts';

describe('a call of two', () => {
  const at = stage();

  it('carries picture and sound both ways', async () => {
    const room = at.room();
    const [ada, bob] = await Promise.all([at.join(room, 'Ada'), at.join(room, 'Bob')]);
    await Promise.all([ada.waitForTiles(['Ada (you)', 'Bob']), bob.waitForTiles(['Bob (you)', 'Ada'])]);
    await Promise.all([ada.sees('Bob'), bob.sees('Ada'), ada.sees('Ada (you)')]);
    await Promise.all([ada, bob].map((guest) => waitForMedia(guest, { video: 1, audio: 1 })));
  });

  it('carries chat both ways, also to who comes later', async () => {
    const room = at.room();
    const [ada, bob] = await Promise.all([at.join(room, 'Ada'), at.join(room, 'Bob')]);
    await ada.write('Hello from Ada');
    await bob.reads('Hello from Ada');
    await bob.write('<b>Hello</b> & 你好 🥘');
    await ada.reads('<b>Hello</b> & 你好 🥘');
    const carol = await at.join(room, 'Carol');
    await carol.reads('Hello from Ada');
  });

  it('shows who is muted and who has no picture', async () => {
    const room = at.room();
    const [ada, bob] = await Promise.all([at.join(room, 'Ada'), at.join(room, 'Bob')]);
    await bob.sees('Ada');
    await ada.press('Mute microphone');
    const tile = bob.tile('Ada');
    await tile.getByRole('img', { name: 'Microphone off' }).waitFor();
    await ada.press('Unmute microphone');
    await tile.getByRole('img', { name: 'Microphone off' }).waitFor({ state: 'detached' });
    await ada.press('Turn camera off');
    await tile.locator('video').waitFor({ state: 'detached' });
    await ada.press('Turn camera on');
    await bob.sees('Ada');
    await waitForMedia(bob, { video: 1, audio: 1 });
  });

  it('shares a screen beside the camera, and stops', async () => {
    const room = at.room();
    const [ada, bob] = await Promise.all([at.join(room, 'Ada'), at.join(room, 'Bob')]);
    await bob.sees('Ada');
    await ada.press('Share screen');
    await bob.sees('Ada’s screen');
    await waitForMedia(bob, { video: 2, audio: 1 });
    await ada.press('Stop sharing');
    await bob.waitForTiles(['Bob (you)', 'Ada']);
  });

  it('goes on for the one who stays when the other leaves and comes again', async () => {
    const room = at.room();
    const [ada, bob] = await Promise.all([at.join(room, 'Ada'), at.join(room, 'Bob')]);
    await ada.sees('Bob');
    await bob.press('Leave');
    await bob.page.getByText('You left the meeting').waitFor();
    await ada.waitForTiles(['Ada (you)']);
    await bob.press('Join again');
    await bob.page.getByLabel('Your name').fill('Bob');
    await bob.press('Join now');
    await Promise.all([ada.sees('Bob'), bob.sees('Ada')]);
    await waitForMedia(ada, { video: 1, audio: 1 });
    await bob.page.close();
    await ada.waitForTiles(['Ada (you)']);
  });

  it('gives a place to the newer of two with the same peer id', async () => {
    const room = at.room();
    const ada = await at.join(room, 'Ada');
    const first = await at.join(room, 'First', '&peerId=same');
    await ada.sees('First');
    const second = await at.join(room, 'Second', '&peerId=same');
    await first.page.getByText('You joined from somewhere else').waitFor();
    await Promise.all([ada.sees('Second'), second.sees('Ada')]);
    await ada.waitForTiles(['Ada (you)', 'Second']);
  });
});

describe('a call of three', () => {
  const at = stage();

  it('carries picture and sound in every direction', async () => {
    const room = at.room();
    const guests = await Promise.all(['Ada', 'Bob', 'Carol'].map((name) => at.join(room, name)));
    await Promise.all(
      guests.map(async (guest) => {
        const others = guests.filter((one) => one !== guest).map(({ name }) => name);
        await guest.waitForTiles([`${guest.name} (you)`, ...others]);
        await Promise.all(others.map((name) => guest.sees(name)));
        await waitForMedia(guest, { video: 2, audio: 2 });
      }),
    );
  });
});

describe('the way into a call', () => {
  const at = stage();

  it('leads from the start page over the preview into the room, and a link brings the next one', async () => {
    const { page } = await at.open('/', 'Ada');
    await page.getByPlaceholder('Room name or link').fill('kitchen table');
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('button', { name: 'Join now' }).click();
    await page.getByTestId('bar').waitFor();
    await page.getByTestId('tile').first().waitFor();
    const bob = await at.join('kitchen table', 'Bob');
    await bob.sees('Ada');
  });

  it('asks for a name when the link has only a room', async () => {
    const { page } = await at.open(`/?roomId=${encodeURIComponent(at.room())}`, 'Ada');
    await page.getByText('Ready to join?').waitFor();
    assert.equal(await page.getByTestId('bar').count(), 0);
  });
});
