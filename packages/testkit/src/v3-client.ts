import { WebSocket } from 'ws';
import type { MediaKind, RtpCapabilities, WebRtcTransportInfo } from '@potluck/protocol';
import { fakeRtpParameters } from './fake-rtp.ts';
import { waitFor, within } from './wait.ts';

/** Whatever JSON a server sent: tests look at it field by field, on purpose without its schema. */
// eslint-disable-next-line typescript/no-explicit-any -- the point of a wire test
export type Json = any;

/** A notification or request of the server, in the order in which it came. */
export type Heard = {
  readonly kind: 'notification' | 'request';
  readonly name: string;
  readonly data: Json;
  readonly id?: number;
};

/** What an error answer said. */
export class V3Error extends Error {
  readonly errorCode: number;
  readonly frame: Json;

  constructor(frame: Json) {
    super(String(frame.errorReason));
    this.errorCode = frame.errorCode;
    this.frame = frame;
  }
}

/** `never`: no answer at all, as browsers do when a request cannot be carried out. */
export type Answer = { data: unknown } | { errorCode: number; errorReason: string } | 'never';

export type V3Options = {
  roomId: string;
  peerId: string;
  /** Further query parameters, put in as they are. */
  query?: string;
  protocols?: string[];
  path?: string;
};

/** A refused upgrade: what HTTP said. */
export type Refusal = { status: number; reason: string | undefined; body: string };

/**
 * A client of mediasoup-demo v3 on the wire: protoo frames over a raw WebSocket, everything that comes kept in order.
 * Made without the project's own protoo engine, so that both cannot be wrong in the same way.
 */
export class V3Client {
  readonly peerId: string;
  /** Everything the server said on its own. */
  readonly heard: Heard[] = [];
  /** Every frame that came, parsed, responses included. */
  readonly frames: Json[] = [];
  /** Decides the answer to a server request; agrees by default. */
  answer: (method: string, data: Json) => Answer | Promise<Answer> = () => ({ data: {} });
  /** How the socket ended; `undefined` while it is open. */
  closed: { code: number; reason: string } | undefined;
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, { resolve: (data: Json) => void; reject: (error: Error) => void }>();
  #lastId: number;

  constructor(socket: WebSocket, peerId: string) {
    this.#socket = socket;
    this.peerId = peerId;
    // Like the real ones: anywhere in 0…10 000 000, with nothing to do with the server's own ids.
    this.#lastId = Math.floor(Math.random() * 1_000_000);
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.#receive(JSON.parse((data as Buffer).toString()));
    });
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      for (const { reject } of this.#pending.values()) reject(new Error(`socket closed with ${code}`));
      this.#pending.clear();
    });
    socket.on('error', () => {});
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** Rejects with a V3Error for an error answer. */
  request(method: string, data?: unknown): Promise<Json> {
    this.#lastId += 1;
    return this.requestWithId(this.#lastId, method, data);
  }

  requestWithId(id: number, method: string, data?: unknown): Promise<Json> {
    const { promise, resolve, reject } = Promise.withResolvers<Json>();
    this.#pending.set(id, { resolve, reject });
    this.sendText(JSON.stringify({ request: true, id, method, data }));
    return within(`the answer to ${method} of ${this.peerId}`, promise, 60_000).finally(() => this.#pending.delete(id));
  }

  /** The error answer, or a failure if there is none. */
  async refused(method: string, data?: unknown): Promise<V3Error> {
    const answer: unknown = await this.request(method, data).catch((error: unknown) => error);
    if (answer instanceof V3Error) return answer;
    throw new Error(`${method} was not refused but answered ${JSON.stringify(answer)}`);
  }

  notify(method: string, data: unknown): void {
    this.sendText(JSON.stringify({ notification: true, method, data }));
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  names(): string[] {
    return this.heard.map(({ name }) => name);
  }

  /** The data of everything said under this name so far. */
  said(name: string): Json[] {
    return this.heard.filter((heard) => heard.name === name).map(({ data }) => data);
  }

  /** The data of the first (or of the `count`th) thing said under this name that matches, now or soon. */
  async hear(name: string, matches: (data: Json) => boolean = () => true, timeoutMs = 20_000): Promise<Json> {
    return waitFor(() => this.said(name).find(matches), {
      what: () => `${name} at ${this.peerId}, who heard: ${this.names().join(', ')}`,
      timeoutMs,
      everyMs: 5,
    });
  }

  /** Resolves when this was said so often. */
  async hearAll(name: string, count: number, timeoutMs = 20_000): Promise<Json[]> {
    return waitFor(() => this.said(name).length >= count && this.said(name), {
      what: () => `${count} times ${name} at ${this.peerId}, who heard it ${this.said(name).length} times`,
      timeoutMs,
      everyMs: 5,
    });
  }

  /**
   * Everything that the server had to say until now has come: two round trips, the second through the media worker.
   * For «was not told».
   */
  async settle(): Promise<void> {
    await this.request('getRouterRtpCapabilities');
    const { id } = await this.request('createWebRtcTransport', {});
    await this.request('getTransportStats', { transportId: id });
  }

  /** Forgets what was heard so far. */
  clear(): void {
    this.heard.length = 0;
  }

  /** Leaves as v3 clients do: by closing the socket. */
  async leave(code?: number): Promise<{ code: number; reason: string }> {
    this.#socket.close(code);
    return this.ended();
  }

  /** The network is gone: no close frame. */
  cut(): void {
    this.#socket.terminate();
  }

  ended(timeoutMs = 20_000): Promise<{ code: number; reason: string }> {
    return waitFor(() => this.closed, { what: `the end of the socket of ${this.peerId}`, timeoutMs, everyMs: 5 });
  }

  #receive(frame: Json): void {
    this.frames.push(frame);
    if (frame.request) void this.#answer(frame);
    else if (frame.response) {
      const pending = this.#pending.get(frame.id);
      if (frame.ok) pending?.resolve(frame.data);
      else pending?.reject(new V3Error(frame));
    } else if (frame.notification) this.heard.push({ kind: 'notification', name: frame.method, data: frame.data });
  }

  async #answer({ id, method, data }: Json): Promise<void> {
    this.heard.push({ kind: 'request', name: method, data, id });
    const answer = await this.answer(method, data);
    if (answer === 'never' || this.closed) return;
    const body = 'errorCode' in answer ? { ok: false, ...answer } : { ok: true, data: answer.data };
    this.sendText(JSON.stringify({ response: true, id, ...body }));
  }
}

const urlOf = (base: string, { roomId, peerId, query, path = '' }: V3Options) =>
  // As the real clients do: put in as they are, without percent-encoding beyond what a URL needs.
  `${base}${path}?roomId=${encodeURIComponent(roomId)}&peerId=${encodeURIComponent(peerId)}${query === undefined ? '' : `&${query}`}`;

/** Resolves when the socket is open. Accepts any certificate. */
export async function openV3(base: string, options: V3Options): Promise<V3Client> {
  const socket = new WebSocket(urlOf(base, options), options.protocols ?? ['protoo'], {
    rejectUnauthorized: false,
    maxPayload: 0,
  });
  const client = new V3Client(socket, options.peerId);
  const { promise, resolve, reject } = Promise.withResolvers<V3Client>();
  socket.once('open', () => resolve(client));
  socket.once('error', reject);
  return within(`opening the socket of ${options.peerId}`, promise, 60_000);
}

/** How an upgrade of this URL is refused. */
export async function refusedUpgrade(url: string, protocols: string[] = ['protoo']): Promise<Refusal> {
  const socket = new WebSocket(url, protocols, { rejectUnauthorized: false });
  const { promise, resolve, reject } = Promise.withResolvers<Refusal>();
  socket.once('unexpected-response', (_request, response) => {
    const reason = response.headers['x-websocket-reject-reason'];
    let body = '';
    response.on('data', (chunk: Buffer) => (body += chunk.toString()));
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, reason: Array.isArray(reason) ? reason[0] : reason, body }),
    );
  });
  socket.once('open', () => {
    socket.terminate();
    reject(new Error('the upgrade was not refused'));
  });
  socket.on('error', () => {});
  return within('the refusal', promise);
}

export type JoinChoice = {
  produce?: boolean;
  consume?: boolean;
  datachannel?: boolean;
  /** `undefined` in it is left out of the request. */
  displayName?: string | undefined;
  device?: unknown;
};

/** A joined client that signals only: its transports are real on the server, and no packet ever reaches them. */
export type JoinedV3 = {
  readonly client: V3Client;
  readonly rtpCapabilities: RtpCapabilities;
  readonly send: WebRtcTransportInfo | undefined;
  readonly receive: WebRtcTransportInfo | undefined;
  /** The participants that the answer to `join` listed. */
  readonly peers: Json[];
  produce(kind: MediaKind, more?: object): Promise<string>;
  produceData(label: string, more?: object): Promise<string>;
};

export const sctpCapabilities = { numStreams: { OS: 1024, MIS: 1024 } };
export const madeUpDtls = {
  role: 'client',
  fingerprints: [
    {
      algorithm: 'sha-256',
      value: Array.from({ length: 32 }, (_, n) => n.toString(16).padStart(2, '0').toUpperCase()).join(':'),
    },
  ],
};

/** The join sequence of the browser app (docs/protocol.md): capabilities, transports, join. */
export async function joinV3(client: V3Client, choice: JoinChoice = {}): Promise<JoinedV3> {
  const { produce = true, consume = true, datachannel = true } = choice;
  const rtpCapabilities = (await client.request('getRouterRtpCapabilities')) as RtpCapabilities;
  const sctp = datachannel ? { sctpCapabilities } : {};
  const transport = async (producing: boolean): Promise<WebRtcTransportInfo> =>
    client.request('createWebRtcTransport', { forceTcp: false, producing, consuming: !producing, ...sctp });
  const send = produce ? await transport(true) : undefined;
  const receive = consume ? await transport(false) : undefined;
  const { peers } = await client.request('join', {
    displayName: 'displayName' in choice ? choice.displayName : `Name of ${client.peerId}`,
    device: 'device' in choice ? choice.device : { flag: 'chrome', name: 'Chrome', version: '156' },
    ...(consume && { rtpCapabilities }),
    ...(consume && sctp),
  });
  let streamId = 0;
  return {
    client,
    rtpCapabilities,
    send,
    receive,
    peers,
    async produce(kind, more = {}) {
      const { id } = await client.request('produce', {
        transportId: send?.id,
        kind,
        rtpParameters: fakeRtpParameters(kind),
        appData: {},
        ...more,
      });
      return id as string;
    },
    async produceData(label, more = {}) {
      streamId += 1;
      const { id } = await client.request('produceData', {
        transportId: send?.id,
        sctpStreamParameters: { streamId, ordered: false, maxRetransmits: 1 },
        label,
        protocol: '',
        appData: { info: `my-${label}-DataProducer` },
        ...more,
      });
      return id as string;
    },
  };
}
