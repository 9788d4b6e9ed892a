/** Those of `drain.ts` who are only there: `others.ts URL ROOM COUNT PICTURES`, in a process of its own until its parent goes. */
import { crowdOf, enterAll } from '../kit/crowd.ts';

const [url = '', room = '', count = '1', pictures = '4'] = process.argv.slice(2);
const who = ['--people', count, '--speakers', '0', '--tiles', pictures];
const crowd = crowdOf(url, '--room', room, ...who, '--rate', '4', '--bitrate', '400');
process.once('disconnect', () => {
  crowd.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
await enterAll(crowd);
process.send?.('entered');
