/** Every credential × every route of HTTP, on a server for guests. A new route without a line here fails. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { doorRoutes, httpRoutes, linksRoutes } from '@potluck/protocol';
import { startServer, type TestServer } from '@potluck/testkit/server';
import { adminRoutes } from '../../packages/server/src/edge/admin/routes.ts';
import { askRaw } from './raw.ts';

const apiKey = 'k'.repeat(40);
const holders = [
  'nobody',
  'junk',
  'viewer here',
  'viewer elsewhere',
  'host here',
  'host everywhere',
  'operator',
] as const;
type Holder = (typeof holders)[number];

/** What each may get past the check of credentials; whether the rest of the request is right is not the question. */
const mayOpen: readonly Holder[] = ['viewer here', 'host here', 'host everywhere', 'operator'];
function passes(name: string, holder: Holder): boolean {
  if (name in adminRoutes) return holder === 'operator';
  if (name === 'getRoom' || name === 'createBroadcaster') return mayOpen.includes(holder);
  // Whether a credential is good is what it answers.
  if (name in doorRoutes) return true;
  // How this machine is reached is told to pages that it shows itself.
  if (name in linksRoutes) return true;
  // Everything else of a broadcaster takes its own secret, and nothing else; there is none of this id.
  return true;
}

/** A right one: what is wrong in the body may be told before the credential is looked at. */
const broadcaster = (n: number) => JSON.stringify({ id: `b${n}`, displayName: 'B', device: { name: 'x' } });

describe('every credential × every route', () => {
  let server: TestServer | undefined;
  const credentials = new Map<Holder, string>();
  let client = 0;

  before(async () => {
    server = await startServer({ access: { mode: 'guests', apiKey }, https: { trustedProxies: ['127.0.0.1'] } });
    const { access } = server.app;
    const token = async (room: string, role: 'host' | 'viewer') =>
      (await access.issue({ room, role, lifetimeSeconds: 60 })).token;
    credentials.set('junk', 'junk').set('operator', apiKey);
    credentials.set('viewer here', await token('r', 'viewer')).set('viewer elsewhere', await token('s', 'viewer'));
    credentials.set('host here', await token('r', 'host')).set('host everywhere', await token('*', 'host'));
  });
  after(() => server?.[Symbol.asyncDispose]());

  for (const [name, { method, path }] of Object.entries({
    ...httpRoutes,
    ...doorRoutes,
    ...linksRoutes,
    ...adminRoutes,
  })) {
    for (const holder of holders) {
      const passing = passes(name, holder);
      it(`${passing ? 'looks at' : 'refuses'} ${name} of ${holder}`, async () => {
        const credential = credentials.get(holder);
        // Each from an address of its own: this is not about those who try often.
        client += 1;
        const { status, text } = await askRaw(
          server?.app.httpPort ?? 0,
          path.replace(':roomId', 'r').replaceAll(/:\w+/gu, 'x'),
          {
            method: method.toUpperCase(),
            body: method === 'get' ? '' : name === 'createBroadcaster' ? broadcaster(client) : '{}',
            headers: {
              Accept: 'application/json',
              'Content-Type': 'application/json',
              'X-Forwarded-For': `198.51.100.${client % 250}`,
              ...(credential !== undefined && { Authorization: `Bearer ${credential}` }),
            },
          },
        );
        assert.equal(status === 401, !passing, text);
        assert.ok(status < 500 || name === 'setDraining', `${status}`);
      });
    }
  }
});
