import { AppError, Channel, decodeFrame, Link, safeParse } from '@potluck/kernel';
import { dropNulls, requests, type Method } from '@potluck/protocol';
import { fakeRtpCapabilities, fakeRtpParameters } from '@potluck/testkit';
import { issueToken, secretKey } from '../../packages/server/src/access/issuing.ts';
import { BadToken, TokenVerifier } from '../../packages/server/src/access/verifier.ts';
import { parseQuery, secretsOf } from '../../packages/server/src/edge/handshake.ts';
import { textOf, type Door } from './evolve.ts';

/** Runs what may refuse; nothing else may come out of it. */
function answeredOrRefused(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') throw error;
  }
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const frames: Door = {
  name: 'frames',
  seeds: [
    '[0,{"request":true,"id":1,"method":"join","data":{}}]',
    '[3,{"response":true,"id":1,"ok":true,"data":{}},{"response":true,"id":2,"errorCode":404,"errorReason":"x","error":{"code":"not_found"}}]',
    '[1,{"notification":true,"method":"x","data":[]},{"seq":1,"ack":0,"request":true,"id":0,"method":"y"}]',
    '[2,{"seq":1,"ack":1,"notification":true,"method":"x"},{"ack":2},{"seq":2,"ack":9}]',
    '"{"',
  ],
  run(text) {
    const parsed = jsonOf(text);
    const list = Array.isArray(parsed) ? parsed : [0, parsed];
    const link = new Link({ maxFrames: 4, maxChars: 1_000 });
    const channel = new Channel({
      send: (frame) => link.send(frame),
      onRequest: (method) => (method === 'join' ? Promise.resolve({}) : {}),
      onNotification: () => {},
      timeoutMs: () => 1_000,
      maxConcurrentRequests: 2,
    });
    link.attach(() => {}, 0);
    channel.request('ours', {}).catch(() => {});
    for (const one of list.slice(1)) {
      const message = decodeFrame(typeof one === 'string' ? one : JSON.stringify(one));
      channel.receive(message);
      const fresh = link.receive(message);
      if (fresh !== undefined) channel.receive(fresh);
    }
    link.detach();
    link.attach(() => {}, typeof list[0] === 'number' ? list[0] : 0);
    if (link.waiting > 4) throw new Error(`${link.waiting} frames wait`);
    channel.close('done');
  },
};

const fingerprint = { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => '0A').join(':') };
const rightInputs: { readonly [M in Method]?: object } = {
  join: {
    displayName: 'Eve',
    device: { flag: 'chrome', name: 'Chrome', version: '130' },
    rtpCapabilities: fakeRtpCapabilities,
  },
  enter: { displayName: 'Eve', rtpCapabilities: fakeRtpCapabilities, password: 'p', firstVideos: 4 },
  produce: {
    transportId: 't',
    kind: 'video',
    rtpParameters: fakeRtpParameters('video'),
    paused: true,
    appData: { source: 'camera' },
  },
  connectWebRtcTransport: { transportId: 't', dtlsParameters: { role: 'client', fingerprints: [fingerprint] } },
  createWebRtcTransport: { producing: true, sctpCapabilities: { numStreams: { OS: 1, MIS: 1 } } },
  produceData: {
    transportId: 't',
    sctpStreamParameters: { streamId: 1, ordered: true },
    label: 'chat',
    protocol: '',
    appData: {},
  },
  setView: { video: [{ producerId: 'p', width: 100, height: 100 }] },
  sendChat: { id: 'm', text: 'hello\u202Eolleh' },
};
const methods = Object.keys(requests) as Method[];

const messages: Door = {
  name: 'messages',
  seeds: methods.map((method) =>
    JSON.stringify([method, rightInputs[method] ?? { peerId: 'p', producerId: 'x', id: 'y' }]),
  ),
  run(text) {
    const parsed = jsonOf(text);
    const [name, data] = Array.isArray(parsed) ? parsed : [text, {}];
    const method = methods.find((known) => known === name) ?? methods[textOf(name).length % methods.length];
    if (method !== undefined) answeredOrRefused(() => safeParse(requests[method].input, dropNulls(data)));
  },
};

const connections: Door = {
  name: 'connections',
  seeds: [
    '["/?roomId=r&peerId=p","protoo"]',
    '["/?roomId=r&peerId=p&client=potluck&ack=12&produce=false&consume=0&datachannel=true&forceTcp=true&consumerReplicas=3","protoo, potluck.token.a.b.c, potluck.resume.x"]',
    '["/x?roomId=%E2%80%AE&peerId=%00&token=a.b.c&resume=y&ack=-1","potluck.token."]',
  ],
  run(text) {
    const parsed = jsonOf(text);
    const [url, protocols] = Array.isArray(parsed) ? parsed : [text, ''];
    answeredOrRefused(() => parseQuery(textOf(url)));
    answeredOrRefused(() => secretsOf({ headers: { 'sec-websocket-protocol': textOf(protocols) } }));
  },
};

const secret = Buffer.alloc(32, 3).toString('base64url');

async function tokens(): Promise<Door> {
  const verifier = new TokenVerifier(
    [{ keys: [{ algorithms: ['HS256'], key: secretKey(secret) }], algorithms: ['HS256'], issuer: 'potluck' }],
    { maxLifetimeSeconds: 86_400 },
  );
  const good = await issueToken(secret, { room: 'r', role: 'host', name: 'N', deny: ['ban'], lifetimeSeconds: 86_000 });
  const [head = '', body = '', signature = ''] = good.token.split('.');
  const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  return {
    name: 'tokens',
    // As JSON their parts can be changed each; the signature is right for what is changed when it is `true`.
    seeds: [
      JSON.stringify([decode(head), decode(body), true]),
      JSON.stringify([decode(head), decode(body), signature]),
      JSON.stringify(good.token),
    ],
    async run(text) {
      const parsed = jsonOf(text);
      const token = Array.isArray(parsed) ? await assembled(parsed) : typeof parsed === 'string' ? parsed : text;
      const claims = await verifier.verify(token).catch((error: unknown) => {
        if (!(error instanceof BadToken)) throw error;
      });
      const forged = claims !== undefined && !(Array.isArray(parsed) && parsed[2] === true);
      if (forged && token.slice(0, token.lastIndexOf('.')) !== `${head}.${body}`)
        throw new Error('a forged token was taken');
    },
  };
}

/** A token of any parts; signed with our key where the third is `true`. */
async function assembled([head, body, signature]: unknown[]): Promise<string> {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part) ?? '').toString('base64url');
  const signed = `${encode(head)}.${encode(body)}`;
  if (signature !== true) return `${signed}.${textOf(signature)}`;
  const key = await crypto.subtle.importKey(
    'raw',
    Buffer.from(secret, 'base64url'),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  return `${signed}.${Buffer.from(await crypto.subtle.sign('HMAC', key, Buffer.from(signed))).toString('base64url')}`;
}

/** How to open each door; the cheap ones first. */
export const doors: { readonly [name: string]: () => Promise<Door> } = {
  frames: async () => frames,
  messages: async () => messages,
  connections: async () => connections,
  tokens,
  conversations: async () => (await import('./conversation.ts')).conversationDoor(),
  http: async () => (await import('./http.ts')).httpDoor(),
};
