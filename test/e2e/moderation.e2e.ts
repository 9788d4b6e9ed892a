/** What hosts and co-hosts do, and what those see whom it concerns. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PeerId, RoomId } from '@potluck/protocol';
import { waitFor } from '@potluck/testkit';
import { setPermission } from '../../packages/server/src/room/moderation.ts';
import { chooseFor, openPeople, stage, type Guest } from './support.ts';

const offered = async (guest: Guest, person: string): Promise<string[]> => {
  await openPeople(guest);
  await guest.page.getByRole('button', { name: `Options for ${person}` }).click();
  const items = await guest.page.getByRole('menuitem').allTextContents();
  await guest.page.keyboard.press('Escape');
  return items;
};
const pictureOf = ({ tile }: Guest, name: string) => tile(name).locator('video');

describe('a host', () => {
  const at = stage();
  const publicationsOf = (room: string, name: string) => {
    const members = [...(at.server.app.registry.get(RoomId.parse(room))?.members.values() ?? [])];
    const member = members.find(({ state }) => state.kind === 'joined' && state.profile.displayName === name);
    return [...(member?.publications.values() ?? [])].map(({ source }) => source).toSorted();
  };

  it('stops a camera and a screen, and asks to unmute: one press does it', async () => {
    const room = at.room();
    const host = await at.join(room, 'Hana');
    const guest = await at.join(room, 'Gus');
    await host.sees('Gus');
    await guest.page.getByTestId('share').click();
    await waitFor(() => publicationsOf(room, 'Gus').includes('screen'), { what: 'the screen' });
    await chooseFor(host, 'Gus', 'Stop their screen');
    await guest.page.getByText('switched off by a moderator').first().waitFor();
    await waitFor(() => !publicationsOf(room, 'Gus').includes('screen'), { what: 'the end of the screen' });
    await chooseFor(host, 'Gus', 'Stop their camera');
    await pictureOf(host, 'Gus').waitFor({ state: 'detached' });
    await guest.page.getByRole('button', { name: 'Turn camera on' }).waitFor();
    assert.deepEqual(publicationsOf(room, 'Gus'), ['microphone']);

    await chooseFor(host, 'Gus', 'Mute for everyone');
    await guest.page.getByRole('button', { name: 'Unmute microphone' }).waitFor();
    await chooseFor(host, 'Gus', 'Ask to unmute');
    await guest.page.getByText('A moderator asks you to unmute').waitFor();
    await at.picture('asked to unmute');
    await guest.page.getByTestId('notice-offer').click();
    await guest.page.getByRole('button', { name: 'Mute microphone' }).waitFor();
  });

  it('makes a co-host, who may then do more, and takes it back', async () => {
    const room = at.room();
    const host = await at.join(room, 'Hana');
    const guest = await at.join(room, 'Gus');
    await at.join(room, 'Olga');
    await host.waitForTiles(['Hana (you)', 'Gus', 'Olga']);
    assert.deepEqual(await offered(guest, 'Olga'), ['Pin']);
    await chooseFor(host, 'Gus', 'Make co-host');
    await guest.page.getByText('You are a co-host now').waitFor();
    await host.page.getByTestId('person').filter({ hasText: 'Gus' }).getByText('Co-host').waitFor();
    assert.ok((await offered(guest, 'Olga')).includes('Remove from the meeting'));
    assert.deepEqual(await offered(guest, 'Hana'), ['Pin']);
    await at.picture('a co-host');
    await chooseFor(host, 'Gus', 'No longer co-host');
    await guest.page.getByText('You may speak and show yourself').waitFor();
    assert.deepEqual(await offered(guest, 'Olga'), ['Pin']);
  });

  it('lets somebody only watch, which ends what they send, and speak again', async () => {
    const room = at.room();
    const host = await at.join(room, 'Hana');
    const guest = await at.join(room, 'Gus');
    await host.sees('Gus');
    await chooseFor(host, 'Gus', 'Let them only watch');
    await guest.page.getByText('You only watch now').waitFor();
    await waitFor(() => publicationsOf(room, 'Gus').length === 0, { what: 'the end of what Gus sends' });
    await pictureOf(host, 'Gus').waitFor({ state: 'detached' });
    await pictureOf(guest, 'Gus (you)').waitFor({ state: 'detached' });
    await at.picture('only watching');
    await chooseFor(host, 'Gus', 'Let them speak');
    await guest.press('Turn camera on');
    await host.sees('Gus');
  });

  it('takes away one right, and what runs on it ends', async () => {
    const room = at.room();
    const host = await at.join(room, 'Hana', '&peerId=hana');
    const guest = await at.join(room, 'Gus', '&peerId=gus');
    await host.sees('Gus');
    const inside = at.server.app.registry.get(RoomId.parse(room));
    const actor = inside?.joined().find(({ id }) => id === 'hana');
    assert.ok(inside && actor);
    setPermission(inside, actor, PeerId.parse('gus'), 'publishVideo', false);
    await waitFor(() => !publicationsOf(room, 'Gus').includes('camera'), { what: 'the end of the camera' });
    await pictureOf(host, 'Gus').waitFor({ state: 'detached' });
    await guest.page.getByRole('button', { name: 'Turn camera on' }).waitFor();
    assert.deepEqual(publicationsOf(room, 'Gus'), ['microphone']);
  });

  it('keeps somebody out for good, and lets them in again', async () => {
    const room = at.room();
    const host = await at.join(room, 'Hana');
    const guest = await at.join(room, 'Gus', '&peerId=gus');
    await host.sees('Gus');
    await chooseFor(host, 'Gus', 'Remove and keep out');
    await guest.page.getByText('You were removed for good').waitFor();
    await guest.page.reload();
    await guest.page.getByText('You cannot enter this meeting again').waitFor();
    await host.page.getByTestId('more').click();
    await host.page.getByRole('menuitem', { name: 'Who may enter' }).click();
    await host.page.getByTestId('banned-person').filter({ hasText: 'Gus' }).waitFor();
    await at.picture('who was put out');
    await host.page.getByTestId('lift-ban').click();
    await host.page.getByText('They may come again').waitFor();
    await host.page.getByTestId('banned-person').waitFor({ state: 'detached' });
    await host.page.keyboard.press('Escape');
    await guest.page.reload();
    await host.sees('Gus');
  });

  it('ends the meeting for everyone, after being asked', async () => {
    const room = at.room();
    const host = await at.join(room, 'Hana');
    const guest = await at.join(room, 'Gus');
    await host.waitForTiles(['Hana (you)', 'Gus']);
    await guest.page.getByTestId('more').click();
    await guest.page.getByRole('menuitem', { name: 'Copy invite link' }).waitFor();
    assert.equal(await guest.page.getByRole('menuitem', { name: 'End for everyone' }).count(), 0);
    await host.page.getByTestId('more').click();
    await host.page.getByRole('menuitem', { name: 'End for everyone' }).click();
    await at.picture('end for everyone');
    await host.page.getByTestId('end-for-all').click();
    for (const { page } of [host, guest]) await page.getByText('The meeting has ended').waitFor();
  });
});

describe('a lobby of many', () => {
  const at = stage({ access: { mode: 'guests' } });

  it('is let in at once', async () => {
    const room = at.room();
    const { token } = await at.server.app.access.issue({ room: '*', role: 'host', lifetimeSeconds: 600 });
    const host = await at.join(room, 'Hana', `#token=${token}`);
    const guests = [await at.knock(room, 'Gus'), await at.knock(room, 'Olga')];
    await openPeople(host);
    await host.page.getByTestId('admit-all').waitFor();
    await at.picture('a lobby');
    await host.page.getByTestId('admit-all').click();
    for (const { page } of guests) await page.getByTestId('bar').waitFor();
    await host.waitForTiles(['Hana (you)', 'Gus', 'Olga']);
    await host.page.getByTestId('admit-all').waitFor({ state: 'detached' });
  });
});
