import assert from 'node:assert/strict';
import { AppError, Channel, decodeFrame, Link, safeParse } from '@potluck/kernel';
import { dropNulls, httpRoutes, requests, type Method } from '@potluck/protocol';
import fc from 'fast-check';
import { issueToken, secretKey } from '../../packages/server/src/access/issuing.ts';
import { BadToken, TokenVerifier } from '../../packages/server/src/access/verifier.ts';
import { addressGroup, clientAddressBehind } from '../../packages/server/src/edge/address.ts';
import { adminRoutes } from '../../packages/server/src/edge/admin/routes.ts';
import { parse } from '../../packages/server/src/edge/request.ts';
import { parseQuery } from '../../packages/server/src/edge/handshake.ts';

/** One door through which bytes from outside come in. A case ends in an answer or in an AppError; all else is a find. */
export type Target = { readonly name: string; readonly property: () => fc.IRawProperty<unknown> };

const nasty = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  '',
  '\0',
  '\u202e',
  '../..',
  '%00',
  'a'.repeat(5_000),
);
const numbers = fc.oneof(fc.double(), fc.maxSafeInteger(), fc.constantFrom(-1, 0, 2 ** 32, 1e308, -0));
/** What cannot be made a number or a text, although it came as JSON. */
const stubborn = fc.constantFrom({ length: { toString: 0, valueOf: 0 } }, { length: { length: null } });
const leaf = fc.oneof(
  nasty,
  stubborn,
  fc.string({ unit: 'binary' }),
  numbers,
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
);
const key = fc.oneof(nasty, fc.string({ maxLength: 8 }));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 6 },
    leaf,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
}));

/** Objects that look right from afar: the names that a schema knows, and anything under them. */
function near(schema: unknown): fc.Arbitrary<unknown> {
  const shape: object =
    typeof schema === 'object' && schema !== null && 'shape' in schema && typeof schema.shape === 'object'
      ? (schema.shape ?? {})
      : {};
  const members = Object.fromEntries(Object.keys(shape).map((name) => [name, value]));
  return fc.oneof(value, fc.record(members, { requiredKeys: [] }));
}

/** Runs what may refuse; nothing else may come out of it. */
function answeredOrRefused(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') throw error;
  }
}

const secret = Buffer.alloc(32, 3).toString('base64url');
const verifier = new TokenVerifier(
  [{ keys: [{ algorithms: ['HS256'], key: secretKey(secret) }], algorithms: ['HS256'], issuer: 'potluck' }],
  { maxLifetimeSeconds: 86_400 },
);
const { token: goodToken } = await issueToken(secret, { room: 'r', role: 'host', lifetimeSeconds: 86_000 });

/** A valid token with some of its characters exchanged, cut or doubled. */
const bentToken = fc
  .tuple(fc.nat(goodToken.length), fc.nat(20), fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('.', '..', '=')))
  .map(([at, cut, put]) => goodToken.slice(0, at) + put + goodToken.slice(at + cut));

const frame = fc.record(
  {
    request: value,
    response: value,
    notification: value,
    id: value,
    method: value,
    data: value,
    seq: value,
    ack: value,
    ok: value,
  },
  { requiredKeys: [] },
);

const methods = Object.keys(requests) as Method[];
const bodies = [...Object.values(httpRoutes), ...Object.values(adminRoutes)];

export const targets: readonly Target[] = [
  {
    name: 'frames: from text to an answer',
    property: () =>
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json(),
          frame.map((one) => JSON.stringify(one)),
        ),
        (text) => {
          const sent: string[] = [];
          const channel = new Channel({
            send: (out) => void sent.push(out),
            onRequest: async () => ({}),
            onNotification: () => {},
            timeoutMs: () => 1_000,
          });
          channel.receive(decodeFrame(text));
          channel.close('done');
        },
      ),
  },
  {
    name: 'links: numbered frames and acknowledgements of a stream that resumes',
    property: () =>
      fc.property(fc.array(frame, { maxLength: 6 }), numbers, (frames, acked) => {
        const link = new Link({ maxFrames: 4, maxChars: 1_000 });
        link.attach(() => {}, 0);
        for (const one of frames) {
          link.receive(one);
          link.send('{"notification":true}');
        }
        link.detach();
        link.attach(() => {}, acked);
        assert.ok(link.waiting <= 4);
      }),
  },
  {
    name: 'messages: every request against its schema',
    property: () =>
      fc.property(
        fc.constantFrom(...methods).chain((method) => near(requests[method].input).map((data) => ({ method, data }))),
        ({ method, data }) => answeredOrRefused(() => safeParse(requests[method].input, dropNulls(data))),
      ),
  },
  {
    name: 'HTTP: every route with any body and path',
    property: () =>
      fc.property(
        fc.constantFrom(...bodies).chain((route) => fc.tuple(fc.constant(route), near(route.body), near(route.params))),
        ([route, body, params]) => {
          answeredOrRefused(() => parse('', route.params, params));
          const schema = route.body;
          if (schema !== undefined) answeredOrRefused(() => parse('', schema, dropNulls(body)));
        },
      ),
  },
  {
    name: 'connections: every query, with tokens and resumption',
    property: () =>
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }).map((text) => `/?${text}`),
          fc
            .dictionary(
              fc.constantFrom('roomId', 'peerId', 'resume', 'ack', 'token', 'client', 'produce'),
              fc.string({ unit: 'binary' }),
            )
            .map((query) => `/?${new URLSearchParams(query).toString()}`),
          fc.webUrl({ withQueryParameters: true }),
        ),
        (url) => answeredOrRefused(() => parseQuery(url)),
      ),
  },
  {
    name: 'addresses: what proxies and liars write',
    property: () =>
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), fc.string(), (address, forwarded) => {
        addressGroup(clientAddressBehind(['10.0.0.0/8', '::/0', '0.0.0.0/0'])(address, forwarded));
      }),
  },
  {
    name: 'tokens: bent ones and junk',
    property: () =>
      fc.asyncProperty(fc.oneof(bentToken, fc.string({ unit: 'binary' })), async (token) => {
        const claims = await verifier.verify(token).catch((error: unknown) => {
          if (!(error instanceof BadToken)) throw error;
        });
        // Base64url ignores the spare bits of the last character: what is signed is what counts.
        const signed = goodToken.slice(0, goodToken.lastIndexOf('.'));
        if (claims !== undefined) assert.equal(token.slice(0, token.lastIndexOf('.')), signed);
      }),
  },
];
