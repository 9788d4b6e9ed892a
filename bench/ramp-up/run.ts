/** Until everybody has the full picture of everybody: `node bench/ramp-up/run.ts [--quick]`. */
import { percentile } from '../../packages/server/src/cli/percentile.ts';
import { showFirst } from '../../packages/server/src/cli/show-first.ts';
import { runBench } from '../kit/bench.ts';
import { countsOf, crowdOf, enterAll, pause } from '../kit/crowd.ts';
import { startProcess } from '../kit/server.ts';

const kbits = 1_400;
const large = { width: 1280, height: 720 };
/** Of what is sent. The rest is the encoder's: pictures differ in size. */
const fullShare = 0.9;
const everyMs = 500;
/** A key frame alone fills one look. */
const looksInARow = 3;
const wantedSeconds = 5;

/** `after`: seconds until each receiver had all, `Infinity` where it never did. */
type Round = { after: number[]; atEnd: number; lost: number };

await runBench({ name: 'ramp-up', title: 'Until everybody has the full picture' }, async ({ quick }) => {
  const people = quick ? 4 : 10;
  const seconds = quick ? 8 : 20;
  const rounds: Round[] = [];
  for (let round = 0; round < (quick ? 1 : 5); round++) rounds.push(await measure(people, seconds));
  const all = rounds.flatMap(({ after }) => after);
  const inTime = all.filter((after) => after <= wantedSeconds).length;
  const show = (after: number) => (Number.isFinite(after) ? `${after.toFixed(1)} s` : `not in ${seconds} s`);
  return {
    about: `${people} people join, two a second; then each shows the other ${people - 1} large, ${kbits} kbit/s each and ${((kbits * (people - 1)) / 1000).toFixed(1)} Mbit/s to each, over ICE, DTLS and SRTP. Nothing is in the way: what takes time is the engine's search for what a path carries, which begins at 1 Mbit/s. From then until a receiver gets ${fullShare * 100} % of that and keeps it for ${(looksInARow * everyMs) / 1000} s. The search takes a machine that stands still for a narrow path: a busy one shows here.`,
    table: {
      head: ['round', 'the first', 'half of them', 'the last', `have it after ${seconds} s`, 'packets not taken in'],
      rows: rounds.map(({ after, atEnd, lost }, index) => [
        index + 1,
        ...[0, 0.5, 1].map((share) => show(percentile(after, share))),
        `${atEnd} of ${people}`,
        lost,
      ]),
    },
    figures: [{ name: 'half of all receivers', value: percentile(all, 0.5), unit: 's', better: 'less' }],
    goals: [
      {
        what: `receivers with the full picture within ${wantedSeconds} s`,
        wanted: '95 %',
        found: `${inTime} of ${all.length}`,
        met: inTime >= all.length * 0.95,
      },
    ],
  };
});

async function measure(people: number, seconds: number): Promise<Round> {
  await using server = await startProcess(['--max-sockets-per-address', '1000', '--workers', '1']);
  const others = people - 1;
  const who = ['--people', String(people), '--tiles', String(others), '--speakers', '1', '--rate', '2'];
  const crowd = crowdOf(server.http, ...who, '--bitrate', String(kbits));
  try {
    await enterAll(crowd);
    for (const { room } of crowd.clients) showFirst(room, others, large);
    const octets = () =>
      crowd.clients.map(({ streams }) => countsOf(streams.filter(({ kind }) => kind === 'video')).octets);
    const begun = performance.now();
    const after = crowd.clients.map(() => Infinity);
    const since = crowd.clients.map(() => 0);
    let before = { at: begun, octets: octets() };
    while (before.at - begun < seconds * 1000) {
      await pause(everyMs);
      const now = { at: performance.now(), octets: octets() };
      for (const [index, sum] of now.octets.entries()) {
        const kbitsNow = ((sum - before.octets[index]!) * 8) / (now.at - before.at);
        since[index] = kbitsNow < kbits * others * fullShare ? 0 : since[index]! + 1;
        if (since[index] === looksInARow) {
          const firstLook = now.at - (looksInARow - 1) * everyMs;
          after[index] = Math.min(after[index]!, (firstLook - begun) / 1000);
        }
      }
      before = now;
    }
    const { lost, forged } = countsOf(crowd.clients.flatMap(({ streams }) => streams));
    if (forged > 0) throw new Error(`${forged} packets were not authentic`);
    const round = { after, atEnd: since.filter((looks) => looks > 0).length, lost };
    process.stderr.write(`${JSON.stringify(round)}\n`);
    return round;
  } finally {
    await crowd.close();
  }
}
