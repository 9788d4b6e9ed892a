/**
 * Load clients of `drain.ts`, in a process of their own until their parent goes: `others.ts URL ROOM VOICES SILENT
 * PICTURES`. Every message from the parent is a time in its `now.ts`; the answer is the longest gap of each direction since.
 */
import { now } from '../../packages/server/src/cli/chaos/now.ts';
import { crowdOf, enterAll } from '../kit/crowd.ts';
import { Arrivals } from './arrivals.ts';

const [url = '', room = '', voices = '0', silent = '1', pictures = '4'] = process.argv.slice(2);
const rest = ['--room', room, '--tiles', pictures, '--rate', '4', '--bitrate', '400'];
const crowds = [
  { people: voices, speakers: voices },
  { people: silent, speakers: '0' },
]
  .filter(({ people }) => people !== '0')
  .map(({ people, speakers }) => crowdOf(url, '--people', people, '--speakers', speakers, ...rest));
process.once('disconnect', () => {
  Promise.all(crowds.map((crowd) => crowd.close())).then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
for (const crowd of crowds) await enterAll(crowd);
const watches = crowds.flatMap((crowd) => crowd.clients.map((client) => new Arrivals(client)));
process.on('message', (since: number) => {
  // Both clocks count the same milliseconds.
  const from = performance.now() - (now() - since);
  const gaps = watches.flatMap((watch) => watch.take(from));
  process.send?.({ gaps, late: Math.max(...crowds.map(({ ticker }) => ticker.readLateness())) });
});
process.send?.('entered');
