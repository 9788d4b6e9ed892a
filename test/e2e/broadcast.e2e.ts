/** What programs without a browser send, seen and heard in Chromium. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { waitForMedia } from '@potluck/testkit/browser';
import { generateMedia, isInstalled, runCommand } from '@potluck/testkit/ffmpeg';
import { stage } from './support.ts';

const skipFfmpeg = !(await isInstalled('ffmpeg')) && 'ffmpeg is not installed';
const skipGStreamer = !(await isInstalled('gst-launch-1.0')) && 'GStreamer is not installed';
const skip = { ffmpeg: skipFfmpeg, gstreamer: skipFfmpeg || skipGStreamer };

describe('a broadcaster in a call', { skip: skipFfmpeg }, () => {
  const at = stage();
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'potluck-film-'));
    await generateMedia(join(folder, 'film.webm'), { seconds: 20 });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const tool of ['ffmpeg', 'gstreamer'] as const) {
    it(`is seen and heard when ${tool} sends a file, and leaves when it ends`, { skip: skip[tool] }, async () => {
      const room = at.room();
      const ada = await at.join(room, 'Ada');
      const film = join(folder, 'film.webm');
      const target = ['--room', room, '--server', at.server.https, '--tool', tool, '--name', 'Cook'];
      await using sender = runCommand(['broadcast', film, ...target]);
      await ada.sees('Cook');
      await waitForMedia(ada, { video: 1, audio: 1 });
      sender.kill('SIGINT');
      await sender.ended;
      await ada.waitForTiles(['Ada (you)']);
    });
  }
});
