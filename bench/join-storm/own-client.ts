import { fakeRtpCapabilities, fakeRtpParameters, type FakeSocket, SignallingClient, waitFor } from '@potluck/testkit';
import { WebSocket } from 'ws';

/** A client of our own dialect on a real socket, without media: enters, sends two tracks, takes what it is offered. */
export async function enterOwn(base: string, roomId: string, peerId: string, firstVideos: number, muted: boolean) {
  const client = new SignallingClient('potluck');
  const { socket: far } = client.connect();
  const ws = new WebSocket(`${base}?roomId=${roomId}&peerId=${peerId}&client=potluck`, ['protoo']);
  bridge(far, ws);
  const [welcome] = await waitFor(() => client.notices('welcome').length > 0 && client.notices('welcome'), {
    what: `the welcome of ${peerId}`,
    timeoutMs: 60_000,
    everyMs: 5,
  });
  const transportId = welcome?.sendTransport?.id;
  if (transportId === undefined) throw new Error('no transport in the welcome');
  const entering = client.request('enter', { displayName: peerId, rtpCapabilities: fakeRtpCapabilities, firstVideos });
  const producing = (['audio', 'video'] as const).map((kind) =>
    client.request('produce', {
      transportId,
      kind,
      rtpParameters: fakeRtpParameters(kind),
      paused: muted && kind === 'audio',
    }),
  );
  await Promise.all([entering, ...producing]);
  let answered = 0;
  return {
    /** Consumers offered and not closed since; each batch is taken up once. */
    takeOffers(): number {
      const batches = client.notices('consumersOpened');
      const fresh = batches.slice(answered).flatMap(({ consumers }) => consumers.map(({ id }) => id));
      answered = batches.length;
      if (fresh.length > 0) void client.request('resumeConsumers', { consumerIds: fresh });
      const closed = client.notices('consumerClosed').length;
      return batches.reduce((sum, { consumers }) => sum + consumers.length, 0) - closed;
    },
    /** Consumers that the server says flow now: it tells the score of each once it does. */
    flowing() {
      const flowing = new Set(client.notices('consumerScore').map(({ consumerId }) => consumerId));
      for (const { consumerId } of client.notices('consumerClosed')) flowing.delete(consumerId);
      return flowing.size;
    },
    close: () => ws.close(1000),
  };
}

function bridge(far: FakeSocket, ws: WebSocket): void {
  const queued: string[] = [];
  far.events.on('received', (text) => (ws.readyState === WebSocket.OPEN ? ws.send(text) : queued.push(text)));
  ws.on('open', () => queued.forEach((text) => ws.send(text)));
  ws.on('message', (data: Buffer) => far.send(data.toString()));
}
