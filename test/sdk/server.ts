import { startServer as start, type TestServer as Server } from '@potluck/testkit/server';

/** A whole server on loopback. Use with `await using`: everything ends with the test. */
export type TestServer = Server & { readonly url: string };

type Changes = { workers?: number; graceSeconds?: number; httpPort?: number };

export async function startServer({ workers = 1, graceSeconds = 30, httpPort }: Changes = {}): Promise<TestServer> {
  const server = await start({
    media: { workers },
    ...(httpPort !== undefined && { http: { port: httpPort } }),
    rooms: { graceSeconds, reconnectingAfterSeconds: 1 },
  });
  return Object.assign(server, { url: `${server.http}/` });
}
