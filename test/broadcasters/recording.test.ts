import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor, within } from '@potluck/testkit';
import { generateMedia, isInstalled, probeMedia, runCommand } from '@potluck/testkit/ffmpeg';
import { broadcast, kitchen, listen, members, sending, start } from './support.ts';

const skip = !(await isInstalled('ffmpeg')) && 'ffmpeg is not installed';
const skipGStreamer = !(await isInstalled('gst-launch-1.0')) && 'GStreamer is not installed';
const skipScripts = !(await isInstalled('jq')) && 'jq is not installed';
const seconds = 8;

const near = (actual: number, wanted: number) =>
  assert.ok(Math.abs(actual - wanted) <= wanted * 0.05, `${actual} s is not within 5 % of ${wanted} s`);

describe('potluck broadcast and potluck listen', { skip }, () => {
  for (const tool of ['ffmpeg', 'gstreamer'] as const) {
    it(
      `${tool}: what is sent is written, both tracks, in its length`,
      { skip: tool === 'gstreamer' && skipGStreamer },
      async () => {
        await using server = await start();
        const [film, out] = [server.file('film.webm'), server.file('out.webm')];
        await generateMedia(film, { seconds: 20 });
        await using sender = broadcast(server, film, '--tool', tool, '--name', 'Cook');
        await sending(server, 2, sender);
        await using listener = listen(server, out, '--seconds', String(seconds), '--peer', 'Cook');
        assert.deepEqual(
          await within('recording', listener.ended, 40_000),
          { code: 0, signal: null },
          listener.output(),
        );
        const { audio, video, duration } = await probeMedia(out);
        assert.deepEqual([audio, video], ['opus', 'vp8']);
        near(duration, seconds);
      },
    );
  }

  it('a file without video, or without audio, goes too', async () => {
    await using server = await start();
    for (const kind of ['audio', 'video'] as const) {
      const [film, out] = [server.file(`${kind}.webm`), server.file(`${kind}.mkv`)];
      await generateMedia(film, { seconds: 10, audio: kind === 'audio', video: kind === 'video' });
      await using sender = broadcast(server, film);
      await sending(server, 1, sender);
      await using listener = listen(server, out, '--seconds', '3');
      assert.equal((await within('recording', listener.ended, 30_000)).code, 0, listener.output());
      const { duration, ...codecs } = await probeMedia(out);
      assert.deepEqual(codecs, kind === 'audio' ? { audio: 'opus' } : { video: 'vp8' });
      assert.ok(duration > 2, `${duration} s`);
    }
  });

  it('a file is repeated; a listener that waits for it writes until Ctrl-C, into MP4 as well', async () => {
    await using server = await start();
    const [film, out] = [server.file('short.webm'), server.file('out.mp4')];
    await generateMedia(film, { seconds: 3 });
    await using listener = listen(server, out);
    await waitFor(() => listener.output().includes('Waiting for'), { what: 'the listener to wait' });
    await using sender = broadcast(server, film);
    const begun = () => /Writing audio and video of short\.webm/u.test(listener.output());
    await waitFor(begun, { what: () => `the recording to begin: ${listener.output()}`, timeoutMs: 20_000 });
    await sending(server, 2, sender);
    const room = server.app.registry.get(kitchen);
    const listening = members(server).find(({ id }) => id.startsWith('listen-'));
    const bytes = async () => {
      const ids = [...(listening?.transports.keys() ?? [])];
      const stats = await Promise.all(ids.map(async (id) => room?.media.stats({ kind: 'transport', id })));
      return stats.flat().reduce((sum, stat) => sum + Number(new Map(Object.entries(stat ?? {})).get('bytesSent')), 0);
    };
    // More than the file has: it was repeated.
    await waitFor(async () => (await bytes()) > 250_000, { what: 'more than one round', timeoutMs: 30_000 });
    listener.kill('SIGINT');
    assert.equal((await within('the end', listener.ended, 30_000)).code, 0, listener.output());
    const { duration, ...codecs } = await probeMedia(out);
    assert.deepEqual(codecs, { audio: 'aac', video: 'h264' });
    assert.ok(duration > 3.2, `${duration} s`);
  });

  it('the end of the sender is the end of the file', async () => {
    await using server = await start();
    const [film, out] = [server.file('film.webm'), server.file('out.webm')];
    await generateMedia(film, { seconds: 6 });
    await using sender = broadcast(server, film, '--once');
    await sending(server, 2, sender);
    await using listener = listen(server, out);
    assert.equal((await within('the sender', sender.ended, 30_000)).code, 0, sender.output());
    assert.equal((await within('the listener', listener.ended, 30_000)).code, 0, listener.output());
    assert.match(listener.output(), /stopped sending/);
    assert.ok((await probeMedia(out)).duration > 2);
    await waitFor(() => server.app.registry.rooms.size === 0, { what: 'the room to close' });
  });

  it('the example script for ffmpeg sends', { skip: skipScripts }, async () => {
    await using server = await start();
    const film = server.file('film with spaces.webm');
    await generateMedia(film, { seconds: 10 });
    const script = new URL('../../examples/broadcasters/ffmpeg.sh', import.meta.url).pathname;
    const env = { ROOM_ID: kitchen, MEDIA_FILE: film, SERVER_URL: server.https };
    await using sender = runCommand([script], { program: 'bash', env });
    await sending(server, 2, sender);
    sender.kill('SIGTERM');
    assert.equal((await within('the script', sender.ended)).code, 143, sender.output());
    await waitFor(() => members(server).length === 0, { what: 'the broadcaster to be gone' });
  });
});
