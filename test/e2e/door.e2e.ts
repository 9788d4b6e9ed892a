/** Who gets in, and who goes: the lobby, the password, what moderators do. */
import { describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { chooseFor, setPassword, stage } from './support.ts';

describe('the lobby', () => {
  const at = stage({ access: { mode: 'guests' } });

  it('keeps a guest until a host lets in or refuses', async () => {
    const room = at.room();
    const { token } = await at.server.app.access.issue({ room: '*', role: 'host', lifetimeSeconds: 600 });
    const host = await at.join(room, 'Hana', `&token=${token}`);
    const guest = await at.knock(room, 'Gus');
    await guest.page.getByText('Waiting to be let in').waitFor();
    await host.page.getByText('Gus waits to be let in').waitFor();
    await host.page.getByTestId('people').click();
    await host.press('Let in');
    await guest.sees('Hana');
    await host.waitForTiles(['Hana (you)', 'Gus']);

    const other = await at.knock(room, 'Olga');
    await host.press('Refuse');
    await other.page.getByText('You were not let in').waitFor();
    await other.press('Join again');
    await host.press('Let in');
    await other.page.getByTestId('bar').waitFor();
    await host.waitForTiles(['Hana (you)', 'Gus', 'Olga']);
  });
});

describe('the password', () => {
  const at = stage();

  it('is set by a host, asked of newcomers, and told apart when wrong', async () => {
    const room = at.room();
    const host = await at.join(room, 'Hana');
    await setPassword(host, 'thyme');
    await host.press('Close');

    const guest = await at.knock(room, 'Gus');
    await guest.page.getByText('This room has a password').waitFor();
    await guest.page.getByTestId('password-input').fill('sage');
    await guest.press('Enter');
    await guest.page.getByText('This is not the right password.').waitFor();
    await guest.page.getByTestId('password-input').fill('thyme');
    await guest.press('Enter');
    await guest.sees('Hana');
    await host.waitForTiles(['Hana (you)', 'Gus']);
  });

  it('is no longer asked when it is removed; a locked room lets nobody in', async () => {
    const room = at.room();
    const host = await at.join(room, 'Hana');
    await setPassword(host, 'thyme');
    await host.press('Remove password');
    await host.page.getByTestId('remove-password').waitFor({ state: 'detached' });
    await host.page.getByTestId('lock-room').click();
    await host.page.getByRole('switch', { name: /Lock the room/, checked: true }).waitFor();
    const guest = await at.knock(room, 'Gus');
    await guest.page.getByText('The room is locked').waitFor();
  });
});

describe('a moderator', () => {
  const at = stage();

  it('mutes somebody, who can speak again', async () => {
    const room = at.room();
    const host = await at.join(room, 'Hana');
    const guest = await at.join(room, 'Gus');
    await host.sees('Gus');
    await chooseFor(host, 'Gus', 'Mute for everyone');
    await guest.page.getByText('Microphone: switched off by a moderator').waitFor();
    await guest.page.getByRole('button', { name: 'Unmute microphone' }).waitFor();
    const muted = host.tile('Gus').getByRole('img', { name: 'Microphone off' });
    await muted.waitFor();
    await guest.press('Unmute microphone');
    await muted.waitFor({ state: 'detached' });
  });

  it('puts somebody out, who may come back, and keeps somebody out', async () => {
    const room = at.room();
    const host = await at.join(room, 'Hana');
    const guest = await at.join(room, 'Gus');
    await host.waitForTiles(['Hana (you)', 'Gus']);
    await chooseFor(host, 'Gus', 'Remove from the meeting');
    await guest.page.getByText('You were removed from the meeting').waitFor();
    await host.waitForTiles(['Hana (you)']);
    await guest.press('Join again');
    await host.waitForTiles(['Hana (you)', 'Gus']);
    await chooseFor(host, 'Gus', 'Remove and keep out');
    await guest.page.getByText('You were removed for good').waitFor();
    await waitFor(async () => (await guest.page.getByTestId('rejoin').count()) === 0, { what: 'no way back' });
  });
});
