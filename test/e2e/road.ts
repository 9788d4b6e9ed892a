import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A way to the server for HTTP and signalling that can be cut and mended. Media does not take it. */
export type Road = AsyncDisposable & {
  readonly base: string;
  cut(): void;
  /** Whole again, and from now on to another server if one is named. */
  mend(target?: string): void;
};

/** Runs in a page before its own scripts: the media of the server seem to be at `address`, and nowhere else. */
export function seeMediaAt(address: string): void {
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    override setRemoteDescription(description: RTCSessionDescriptionInit) {
      const sdp = (description.sdp ?? '')
        .replaceAll(/^a=candidate:.* tcp .*\r\n/gim, '')
        .replaceAll(/^(a=candidate:\S+ 1 udp \d+) 127\.0\.0\.1 /gim, `$1 ${address} `);
      return super.setRemoteDescription({ ...description, sdp });
    }
  };
}

export async function openRoad(target: string): Promise<Road> {
  let port = Number(new URL(target).port);
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return near.destroy();
    const far = connect(port, 'localhost');
    for (const socket of [near, far]) {
      sockets.add(socket);
      // Cutting is an error to one end or the other; both go together.
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
    return undefined;
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const { port: own } = server.address() as AddressInfo;
  const cut = () => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    base: `http://localhost:${own}`,
    cut,
    mend(other = target) {
      port = Number(new URL(other).port);
      whole = true;
    },
    async [Symbol.asyncDispose]() {
      cut();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}
