/** The receivers of `run.ts`, in a process of their own: `receivers.ts URL COUNT`. Speaks JSON lines with its parent. */
import { countsOf, crowdOf, enterAll, flowing } from '../kit/crowd.ts';

const [url = '', count = '1'] = process.argv.slice(2);
const crowd = crowdOf(url, '--publishers', '0', '--subscribers', count, '--rate', '50');
const streams = () => crowd.clients.flatMap((client) => client.streams);
const say = (data: object) => process.send?.(data);

process.on('message', (wanted: unknown) => {
  if (wanted === 'end') {
    crowd.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
    return;
  }
  const recent = 2_000;
  say({
    kind: 'counts',
    counts: countsOf(streams()),
    pictures: flowing(streams(), 'video', recent),
    sounds: flowing(streams(), 'audio', recent),
    late: crowd.ticker.readLateness(),
    cpu: process.cpuUsage(),
  });
});
await enterAll(crowd);
say({ kind: 'entered' });
