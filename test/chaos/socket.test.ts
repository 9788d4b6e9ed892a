import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { openBot } from '../../packages/server/src/cli/chaos/bot.ts';
import { loadRtc, openSources } from '../../packages/server/src/cli/chaos/rtc.ts';
import { openTrialServer } from '../../packages/server/src/cli/chaos/server.ts';
import { exitAfterTests } from '../sdk/runtime.ts';

const awayMs = 10_000;

type Counted = { lost: number; received: number };

after(exitAfterTests);

describe('A socket that is cut for ten seconds', () => {
  it('costs no packet of media, and every message arrives once and in order', async () => {
    const rtc = loadRtc();
    const sources = openSources(rtc);
    const server = await openTrialServer({ workers: 1, standby: false });
    const warnings: string[] = [];
    const deps = { rtc, sources, port: server.port, onWarned: (text: string) => warnings.push(text) };
    const bots = [await openBot('anna', deps), await openBot('bob', deps)] as const;
    const [anna, bob] = bots;
    const consumers = () => [...bob.room.state.participants.flatMap(({ tracks }) => tracks)];
    try {
      await waitFor(() => bob.watch.of('anna camera').length > 20, { what: 'a picture' });
      const before = await countPackets(server);
      const track = consumers().find(({ source }) => source === 'camera')?.track;
      bob.proxy.cut(awayMs);
      const texts = Array.from({ length: 20 }, (_, index) => `message ${index}`);
      const said: Promise<unknown>[] = [];
      for (const text of texts) {
        // Both talk: one to a server that it does not reach, one to a listener who is away.
        said.push((said.length % 2 === 0 ? bob : anna).room.sendChat(text));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await waitFor(() => bob.room.state.connection.kind === 'reconnecting', { what: 'reconnecting' });
      await Promise.all(said);
      const texted = () => bots.map(({ room }) => room.state.chat.map(({ text }) => text));
      await waitFor(() => texted().every((one) => one.length === texts.length), { what: 'all messages' });
      const [annas, bobs] = texted();
      assert.deepEqual(annas, bobs, 'both have them in one order');
      assert.deepEqual(annas?.toSorted(), texts.toSorted(), 'each once');
      for (const half of [0, 1]) {
        const own = texts.filter((_, index) => index % 2 === half);
        assert.deepEqual(
          annas?.filter((text) => own.includes(text)),
          own,
          'each speaker in order',
        );
      }
      const after = await countPackets(server);
      assert.ok(after.received - before.received > 500, 'media flowed on');
      assert.equal(after.lost - before.lost, 0, 'packets that the server missed');
      assert.equal(consumers().find(({ source }) => source === 'camera')?.track, track, 'the same track');
      assert.deepEqual(warnings, []);
    } finally {
      await Promise.all(bots.map((bot) => bot.close()));
      sources.close();
      await server.close();
    }
  });
});

/** What the server received and missed of all it was sent, and what receivers reported as lost. */
async function countPackets({ app }: Awaited<ReturnType<typeof openTrialServer>>): Promise<Counted> {
  const [room] = app.registry.rooms.values();
  assert.ok(room);
  const producers = [...room.publications.keys()].map((id) => room.media.stats({ kind: 'producer', id }));
  const consumers = [...room.consumerOwners.keys()].map((id) => room.media.stats({ kind: 'consumer', id }));
  const stats = (await Promise.all([...producers, ...consumers])).flat() as {
    type?: string;
    packetsLost?: number;
    packetCount?: number;
  }[];
  const sum = (of: (one: (typeof stats)[number]) => number | undefined) =>
    stats.reduce((total, one) => total + (of(one) ?? 0), 0);
  return { lost: sum(({ packetsLost }) => packetsLost), received: sum(({ packetCount }) => packetCount) };
}
