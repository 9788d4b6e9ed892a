/** Why somebody does not get in, in the right words; and that invitations leave no trace. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noGrant, PeerId, RoomId } from '@potluck/protocol';
import { startServer } from '@potluck/testkit/server';
import { setPassword, stage, type Guest } from './support.ts';

const reasonOf = ({ page }: Guest) => page.getByTestId('ended').getAttribute('data-reason');

describe('a server for members', () => {
  const at = stage({ access: { mode: 'members' }, rooms: { maxPeers: 2 } });
  const issue = async (room: string, lifetimeSeconds = 600) =>
    (await at.server.app.access.issue({ room, role: 'speaker', lifetimeSeconds })).token;

  it('says whether an invitation is missing, over, for another room or broken', async () => {
    const room = at.room();
    const none = await at.knock(room, 'Nora');
    await none.page.getByText('You need an invitation').waitFor();
    const over = await at.knock(room, 'Otto', `#token=${await issue(room, -60)}`);
    await over.page.getByText('Your invitation has run out').waitFor();
    const other = await at.knock(room, 'Olga', `#token=${await issue('elsewhere')}`);
    await other.page.getByText('Your invitation is for another room').waitFor();
    const token = await issue(room);
    const broken = await at.knock(room, 'Bea', `#token=${token.slice(0, -9)}`);
    await broken.page.getByText('Your invitation is not valid').waitFor();
    assert.equal(await reasonOf(broken), 'tokenRefused');
    assert.equal(await broken.page.getByTestId('rejoin').count(), 0);
  });

  it('lets in with one, which stands in no address and no log, and still holds after a reload', async () => {
    const room = at.room();
    const token = await issue(room);
    const asked: string[] = [];
    const ann = await at.open('/', 'Ann');
    ann.page.on('request', (request) => asked.push(`${request.url()} ${JSON.stringify(request.headers())}`));
    ann.page.on('websocket', (socket) => asked.push(socket.url()));
    const link = `/?roomId=${encodeURIComponent(room)}&displayName=Ann#token=${token}`;
    await ann.page.goto(`${at.server.http}${link}`);
    await ann.page.getByTestId('bar').waitFor();
    assert.doesNotMatch(ann.page.url(), /token/u);
    await ann.page.reload();
    await ann.page.getByTestId('bar').waitFor();
    assert.ok(asked.some((one) => one.startsWith('ws')));
    const signature = token.split('.')[2] ?? '';
    assert.ok(!asked.some((one) => one.includes(signature)), 'a URL or a header held the token');
    assert.ok(!at.server.logLines.some((line) => line.includes(signature)), 'the log held the token');
    await ann.close();
  });

  it('says that the room is full', async () => {
    const room = at.room();
    const query = `#token=${await issue(room)}`;
    await at.join(room, 'Ann', query);
    await at.join(room, 'Bob', query);
    const late = await at.knock(room, 'Cleo', query);
    await late.page.getByText('The room is full').waitFor();
    await late.page.getByTestId('rejoin').waitFor();
  });
});

describe('a server for everybody', () => {
  const at = stage();

  it('says that a room is locked, and slows down who guesses its password', async () => {
    const room = at.room();
    const host = await at.join(room, 'Hana');
    await setPassword(host, 'thyme');
    // A guesser at the same address was here.
    const { door, members } = at.server.app.registry.get(RoomId.parse(room))!;
    const [{ address = '' } = {}] = members.values();
    const eve = { peerId: PeerId.parse('eve'), displayName: 'Eve', address, grant: noGrant };
    for (let time = 0; time < 10; time += 1) assert.throws(() => door.pass({ ...eve, password: `guess ${time}` }));
    const guest = await at.knock(room, 'Gus');
    await guest.page.getByTestId('password-input').fill('thyme');
    await guest.press('Enter');
    await guest.page.getByText('Too many attempts').waitFor();
    assert.equal(await reasonOf(guest), 'rateLimited');

    await host.page.getByTestId('lock-room').click();
    await host.page.getByRole('switch', { name: /Lock the room/, checked: true }).waitFor();
    const late = await at.knock(room, 'Lea');
    await late.page.getByText('The room is locked').waitFor();
    assert.equal(await reasonOf(late), 'locked');
  });

  it('tells a server that is not there from one that refuses, in Chinese too', async () => {
    const server = await startServer();
    const page = await at.open('/r/kitchen', 'Wei', server.http, { language: 'zh' });
    await page.page.waitForLoadState('networkidle');
    await server[Symbol.asyncDispose]();
    await page.page.locator('input').first().fill('Wei');
    await page.page.getByTestId('join').click();
    await page.page.getByText('无法连接服务器').waitFor();
  });
});
