import { after, before } from 'node:test';
import { startServer, type TestServer } from '@potluck/testkit/server';
import { joinV3, openV3, type JoinChoice, type JoinedV3, type V3Client } from '@potluck/testkit/v3-client';

type Options = Parameters<typeof startServer>[0];

/** A server for all tests of a file, each of which takes a room of its own. */
export function sharedServer(options: Options = {}) {
  let server: TestServer | undefined;
  const clients: V3Client[] = [];
  before(async () => {
    server = await startServer(options);
  });
  after(async () => {
    for (const client of clients) client.cut();
    await server?.[Symbol.asyncDispose]();
  });
  const running = () => {
    if (!server) throw new Error('the server has not started');
    return server;
  };
  let rooms = 0;

  return {
    get server() {
      return running();
    },
    /** A room name that no other test uses. */
    room: () => `room-${(rooms += 1)}`,
    async open(roomId: string, peerId: string, query?: string): Promise<V3Client> {
      const client = await openV3(running().wss, { roomId, peerId, ...(query !== undefined && { query }) });
      clients.push(client);
      return client;
    },
    async join(roomId: string, peerId: string, choice?: JoinChoice): Promise<JoinedV3> {
      return joinV3(await this.open(roomId, peerId), choice);
    },
    /** Several peers, joined one after another. */
    async joinAll<const Names extends readonly string[]>(
      roomId: string,
      names: Names,
    ): Promise<{ [Index in keyof Names]: JoinedV3 }> {
      const joined: JoinedV3[] = [];
      for (const name of names) joined.push(await this.join(roomId, name));
      return joined as { [Index in keyof Names]: JoinedV3 };
    },
  };
}
