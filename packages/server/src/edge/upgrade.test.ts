import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { describe, it } from 'node:test';
import { AppError, Logger, Tasks, type LogRecord } from '@potluck/kernel';
import { noGrant, type ConnectionQuery, type Grant } from '@potluck/protocol';
import { FakeClock, nextEvent, waitFor } from '@potluck/testkit';
import { WebSocket, type ClientOptions } from 'ws';
import type { FrameSocket, SessionDoor } from '../session/socket.ts';
import { clientAddressBehind } from './address.ts';
import { createHttpServer, listen, stopListening } from './listener.ts';
import { parseQuery } from './handshake.ts';
import { openUpgrades, type UpgradeOptions } from './upgrade.ts';

const options: UpgradeOptions = {
  maxMessageBytes: 10_000,
  maxQueuedBytes: 1_000_000,
  messageBurst: 100,
  messagesPerSecond: 10,
  pingAfterMs: 60_000,
  pongWithinMs: 10_000,
  maxSockets: 5,
  maxSocketsPerAddress: 3,
  allowedOrigins: [],
};

class FakeDoor implements SessionDoor {
  readonly admitted: ConnectionQuery[] = [];
  readonly sockets: FrameSocket[] = [];
  cancelled = 0;
  refuseWith: unknown;
  hold: Promise<void> | undefined;

  readonly grants: (Grant | undefined)[] = [];
  resumable: string | undefined;

  resumes = ({ resume }: ConnectionQuery) => resume !== undefined && resume === this.resumable;

  async admit(query: ConnectionQuery, grant?: Grant) {
    this.grants.push(grant);
    await this.hold;
    if (this.refuseWith !== undefined) throw this.refuseWith;
    this.admitted.push(query);
    return {
      attach: (socket: FrameSocket) => this.sockets.push(socket),
      cancel: () => {
        this.cancelled += 1;
      },
    };
  }
}

async function openEdge(changes: Partial<UpgradeOptions> = {}) {
  const door = new FakeDoor();
  const clock = new FakeClock();
  const records: LogRecord[] = [];
  const log = new Logger({ enabled: () => true, write: (record) => records.push(record) }, 'edge');
  const tasks = new Tasks((_name, error) => assert.ifError(error));
  const asked: { token: string | undefined; roomId: string; address: string }[] = [];
  const access = {
    grant: async (token: string | undefined, roomId: string, address: string) => {
      asked.push({ token, roomId, address });
      if (token === 'bad') throw new AppError('unauthorized', 'this token is not valid here');
      return token === undefined ? noGrant : { ...noGrant, role: 'viewer' as const, invited: true };
    },
  };
  const deps = { door, access, clientAddress: clientAddressBehind([]), log, tasks, clock };
  const upgrades = openUpgrades(deps, { ...options, ...changes });
  const server = createHttpServer({ request: (_request, response) => response.end(), upgrade: upgrades.handle });
  const { port } = await listen(server, '127.0.0.1', 0, { what: 'tests', flag: 'x', environment: 'X' });
  const clients: WebSocket[] = [];
  return {
    door,
    clock,
    records,
    asked,
    upgrades,
    port,
    client: (query = 'roomId=r&peerId=p', protocols: string | string[] = 'protoo', more: ClientOptions = {}) => {
      const client = new WebSocket(`ws://127.0.0.1:${port}/any/path?${query}`, protocols, more);
      client.on('error', () => {});
      clients.push(client);
      return client;
    },
    async open(query?: string, more?: ClientOptions) {
      const client = this.client(query, 'protoo', more);
      await once(client, 'open');
      const socket = await waitFor(() => door.sockets.at(-1), { what: 'the attached socket' });
      return { client, socket };
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.terminate();
      await waitFor(() => upgrades.size === 0, { what: 'all sockets to be gone' });
      await stopListening(server);
    },
  };
}

/** What an upgrade request without a WebSocket library is answered. */
async function refusal(port: number, path: string, headers: Record<string, string> = {}) {
  const outgoing = request({
    port,
    host: '127.0.0.1',
    path,
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    },
  });
  outgoing.end();
  const [response] = await once(outgoing, 'response');
  const chunks: Buffer[] = await response.toArray();
  const reason = response.headers['x-websocket-reject-reason'];
  return {
    status: response.statusCode,
    reason,
    body: Buffer.concat(chunks).toString(),
    connection: response.headers.connection,
  };
}

const offer = { 'Sec-WebSocket-Protocol': 'protoo' };

describe('openUpgrades', () => {
  it('echoes the sub-protocol among others, takes any path and no extension', async () => {
    await using edge = await openEdge();
    const client = edge.client('roomId=r&peerId=p&forceH264=true', ['other', 'protoo']);
    await once(client, 'open');
    assert.equal(client.protocol, 'protoo');
    assert.equal(client.extensions, '');
    assert.equal(edge.door.admitted[0]?.roomId, 'r');
  });

  it('refuses with 403 without the sub-protocol', async () => {
    await using edge = await openEdge();
    const answer = await refusal(edge.port, '/?roomId=r&peerId=p');
    assert.deepEqual([answer.status, answer.body, answer.connection], [403, '', 'close']);
    assert.match(String(answer.reason), /"protoo" must be offered/u);
    const other = await refusal(edge.port, '/?roomId=r&peerId=p', { 'Sec-WebSocket-Protocol': 'chat' });
    assert.equal(other.status, 403);
  });

  it('refuses with 400 and a reason when the query does not name a room and a peer', async () => {
    await using edge = await openEdge();
    assert.deepEqual(await refusal(edge.port, '/', offer), {
      status: 400,
      reason: 'roomId is missing; peerId is missing',
      body: '',
      connection: 'close',
    });
    const empty = await refusal(edge.port, '/?roomId=&peerId=p', offer);
    assert.deepEqual([empty.status, empty.reason], [400, 'roomId is missing']);
    const long = await refusal(edge.port, `/?roomId=${'r'.repeat(200)}&peerId=p`, offer);
    assert.deepEqual([long.status, long.reason], [400, 'roomId must be at most 128 characters']);
    const control = await refusal(edge.port, '/?roomId=a%0d%0ab&peerId=p', offer);
    assert.equal(control.status, 400);
    assert.equal(edge.door.admitted.length, 0);
  });

  it('answers what the door refuses with its status, and keeps the text of unexpected errors', async () => {
    await using edge = await openEdge();
    edge.door.refuseWith = new AppError('unavailable', 'full\r\nSet-Cookie: x=ü');
    const known = await refusal(edge.port, '/?roomId=r&peerId=p', offer);
    assert.deepEqual([known.status, known.reason], [503, 'full?Set-Cookie: x=?']);
    edge.door.refuseWith = new Error('secret detail');
    const unknown = await refusal(edge.port, '/?roomId=r&peerId=p', offer);
    assert.deepEqual([unknown.status, unknown.reason], [500, 'Internal error']);
    assert.ok(edge.records.some(({ level }) => level === 'error'));
  });

  it('takes a token from the query or, better, from a sub-protocol, which it does not echo', async () => {
    await using edge = await openEdge();
    await edge.open('roomId=r&peerId=p&token=in.the.query');
    const client = edge.client('roomId=r&peerId=q&token=in.the.query', ['potluck.token.in.a-sub.protocol_', 'protoo']);
    await once(client, 'open');
    assert.equal(client.protocol, 'protoo');
    await edge.open('roomId=r&peerId=s&token=');
    assert.deepEqual(
      edge.asked.map(({ token }) => token),
      ['in.the.query', 'in.a-sub.protocol_', undefined],
    );
    assert.deepEqual(
      edge.door.grants.map((grant) => grant?.role),
      ['viewer', 'viewer', undefined],
    );
  });

  it('refuses a bad token with 401 and without detail, before anything is opened, and logs no token', async () => {
    await using edge = await openEdge();
    const answer = await refusal(edge.port, '/?roomId=r&peerId=p&token=bad', offer);
    assert.deepEqual([answer.status, answer.reason, answer.body], [401, 'this token is not valid here', '']);
    assert.equal(edge.door.grants.length, 0);
    assert.doesNotMatch(JSON.stringify(edge.records), /token=|"bad"/u);
  });

  it('asks for no token of a session that comes back', async () => {
    await using edge = await openEdge();
    edge.door.resumable = 'ticket';
    await edge.open('roomId=r&peerId=p&token=bad&resume=ticket');
    const client = edge.client('roomId=r&peerId=p', ['protoo', 'potluck.resume.ticket', 'potluck.token.bad']);
    await once(client, 'open');
    assert.equal(client.protocol, 'protoo');
    assert.equal(edge.asked.length, 0);
    assert.equal(edge.door.admitted.at(-1)?.resume, 'ticket');
  });

  it('checks the origin only when some are named, and lets programs without one in', async () => {
    await using edge = await openEdge({ allowedOrigins: ['https://meet.example.org'] });
    const foreign = await refusal(edge.port, '/?roomId=r&peerId=p', { ...offer, Origin: 'https://evil.example' });
    assert.equal(foreign.status, 403);
    const own = edge.client(undefined, 'protoo', { origin: 'https://meet.example.org' });
    await once(own, 'open');
    await once(edge.client(), 'open');
  });

  it('limits sockets per address and counts them down again', async () => {
    await using edge = await openEdge();
    const opened = await Promise.all([1, 2, 3].map(() => edge.open()));
    const answer = await refusal(edge.port, '/?roomId=r&peerId=p', offer);
    assert.deepEqual([answer.status, answer.reason], [429, 'more than 3 connections from one address']);
    opened[0]?.client.terminate();
    await waitFor(() => edge.upgrades.size === 2, { what: 'one place to be free' });
    await edge.open();
  });

  it('cancels the admission when the handshake is bad', async () => {
    await using edge = await openEdge();
    const answer = await refusal(edge.port, '/?roomId=r&peerId=p', { ...offer, 'Sec-WebSocket-Key': 'short' });
    assert.equal(answer.status, 400);
    await waitFor(() => edge.door.cancelled === 1, { what: 'the admission to be cancelled' });
    assert.equal(edge.door.sockets.length, 0);
  });

  it('cancels the admission of a connection that is reset meanwhile', async () => {
    await using edge = await openEdge();
    const { promise, resolve } = Promise.withResolvers<void>();
    edge.door.hold = promise;
    const tcp = connectTcp(edge.port, '127.0.0.1');
    tcp.on('error', () => {});
    tcp.write(
      'GET /?roomId=r&peerId=p HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: protoo\r\n\r\n',
    );
    await waitFor(() => edge.upgrades.size === 1, { what: 'the upgrade to begin' });
    tcp.resetAndDestroy();
    await waitFor(() => edge.upgrades.size === 0, { what: 'the stream to close' });
    resolve();
    await waitFor(() => edge.door.cancelled === 1, { what: 'the admission to be cancelled' });
    assert.equal(edge.door.sockets.length, 0);
  });

  it('refuses newcomers with 503 while draining, and closes everyone with 1012', async () => {
    await using edge = await openEdge();
    const { client } = await edge.open();
    edge.upgrades.drain();
    assert.equal((await refusal(edge.port, '/?roomId=r&peerId=p', offer)).status, 503);
    const closed = once(client, 'close');
    await edge.upgrades.close('the server restarts', 2_000);
    const [code, reason] = await closed;
    assert.deepEqual([code, String(reason)], [1012, 'the server restarts']);
  });

  it('destroys what does not answer the goodbye in time', async () => {
    await using edge = await openEdge();
    const { client } = await edge.open();
    client.pause();
    const closing = edge.upgrades.close('the server restarts', 2_000);
    edge.clock.advance(2_000);
    await closing;
    assert.equal(edge.upgrades.size, 0);
  });
});

describe('a connection', () => {
  it('passes text on, ignores binary messages and stays open', async () => {
    await using edge = await openEdge();
    const { client, socket } = await edge.open();
    const received = nextEvent(socket.events, 'received');
    client.send(Buffer.from([1, 2, 3]));
    client.send('hallo');
    assert.deepEqual(await received, ['hallo']);
    assert.ok(edge.records.some(({ message, facts }) => message === 'binary message ignored' && facts['bytes'] === 3));
    const answered = once(client, 'message');
    socket.send('{"a":1}');
    assert.equal(String((await answered)[0]), '{"a":1}');
  });

  it('closes with 1009 what is too large', async () => {
    await using edge = await openEdge();
    const { client, socket } = await edge.open();
    const [closedHere, closedThere] = [nextEvent(socket.events, 'closed'), once(client, 'close')];
    client.send('x'.repeat(10_001));
    assert.equal((await closedThere)[0], 1009);
    await closedHere;
    assert.equal(socket.open, false);
  });

  it('closes with 1008 who sends too many messages', async () => {
    await using edge = await openEdge();
    const { client, socket } = await edge.open();
    let received = 0;
    socket.events.on('received', () => (received += 1));
    for (let i = 0; i < 150; i += 1) client.send('x');
    const [code, reason] = await once(client, 'close');
    assert.deepEqual([code, String(reason), received], [1008, 'too many messages', 100]);
  });

  it('takes no new sockets for a while from where two were closed for that, but who returns', async () => {
    await using edge = await openEdge();
    for (let time = 0; time < 2; time += 1) {
      const { client } = await edge.open();
      for (let i = 0; i < 150; i += 1) client.send('x');
      await once(client, 'close');
    }
    assert.equal((await refusal(edge.port, '/?roomId=r&peerId=p', offer)).status, 429);
    edge.door.resumable = 'ticket';
    await edge.open('roomId=r&peerId=p&resume=ticket');
    edge.clock.advance(10_000);
    await edge.open();
  });

  it('closes who receives too slowly instead of queueing without end', async () => {
    await using edge = await openEdge();
    const { client, socket } = await edge.open();
    client.pause();
    const frame = 'x'.repeat(100_000);
    for (let sent = 0; sent < 1_000 && socket.open; sent += 1) socket.send(frame);
    assert.equal(socket.open, false);
    assert.ok(edge.records.some(({ message }) => message === 'client receives too slowly'));
    const closed = nextEvent(socket.events, 'closed');
    edge.clock.advance(5_000);
    assert.deepEqual(await closed, [1006, 'receiving too slowly']);
  });

  it('is pinged when silent and destroyed when nothing comes back', async () => {
    await using edge = await openEdge();
    const { client, socket } = await edge.open(undefined, { autoPong: false });
    const closed = nextEvent(socket.events, 'closed');
    const pinged = once(client, 'ping');
    edge.clock.advance(60_000);
    await pinged;
    edge.clock.advance(10_000);
    assert.deepEqual(await closed, [1006, 'no answer to a ping']);
  });

  it('lives on when the ping is answered', async () => {
    await using edge = await openEdge();
    const { client, socket } = await edge.open();
    for (const silentMs of [60_000, 50_000, 50_000]) {
      const pinged = once(client, 'ping');
      edge.clock.advance(silentMs);
      await pinged;
      // The pong is on its way; something sent after it has arrived after it.
      const received = nextEvent(socket.events, 'received');
      client.send('still here');
      await received;
      edge.clock.advance(10_000);
    }
    assert.equal(socket.open, true);
  });

  it('is ended 5 s after a close that is not answered, with a reason cut to what fits', async () => {
    await using edge = await openEdge();
    const { client, socket } = await edge.open();
    client.pause();
    const closed = nextEvent(socket.events, 'closed');
    socket.close(4000, 'ü'.repeat(100));
    assert.equal(socket.open, false);
    edge.clock.advance(5_000);
    assert.equal((await closed)[0], 1006);
  });

  it('tells the client code and reason, and hears nothing more from it', async () => {
    await using edge = await openEdge();
    const { client, socket } = await edge.open();
    socket.events.on('received', () => assert.fail('a closing socket must not deliver'));
    socket.close(4000, `replaced ${'ü'.repeat(100)}`);
    client.send('late');
    const [code, reason] = await once(client, 'close');
    assert.deepEqual([code, String(reason)], [4000, `replaced ${'ü'.repeat(57)}`]);
  });
});

describe('parseQuery', () => {
  it('takes the first of repeated parameters and ignores unknown ones', () => {
    const query = parseQuery('?roomId=a&roomId=b&peerId=p&__proto__=x&consumerReplicas=undefined');
    assert.deepEqual([query.roomId, query.peerId, query.consumerReplicas], ['a', 'p', 0]);
  });

  it('decodes what is encoded and bears what is not', () => {
    assert.equal(parseQuery('/x?roomId=K%C3%BCche%201&peerId=%zz').roomId, 'Küche 1');
  });
});
