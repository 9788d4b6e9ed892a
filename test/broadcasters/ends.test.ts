import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor, within } from '@potluck/testkit';
import { generateMedia, isInstalled, processesWith, runCommand } from '@potluck/testkit/ffmpeg';
import { broadcast, kitchen, members, sending, start } from './support.ts';

const skip = !(await isInstalled('ffmpeg')) && 'ffmpeg is not installed';
const idleSeconds = 3;

/** A broadcaster at work, and the processes of its tool. */
async function sendingFilm() {
  const server = await start(idleSeconds);
  const film = server.file('film.webm');
  await generateMedia(film, { seconds: 10 });
  const sender = broadcast(server, film);
  await sending(server, 2, sender);
  const tools = () => processesWith(film, 'ffmpeg');
  const nothingLeft = async () => {
    await waitFor(async () => (await tools()).length === 0, { what: 'ffmpeg to end' });
    await waitFor(() => server.app.registry.rooms.size === 0, { what: 'the room to be empty and close' });
    assert.deepEqual(
      server.app.fabric.workers().map(({ transports, producers }) => [transports, producers]),
      [[0, 0]],
    );
  };
  return {
    ...{ server, sender, tools, nothingLeft },
    async [Symbol.asyncDispose]() {
      await sender[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('potluck broadcast leaves nothing behind', { skip }, () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`on ${signal}, and ends well`, async () => {
      await using run = await sendingFilm();
      run.sender.kill(signal);
      assert.deepEqual(await within('the end', run.sender.ended), { code: 0, signal: null }, run.sender.output());
      await run.nothingLeft();
    });
  }

  it('when it is killed: its tool ends at once, its broadcaster when it has been silent', async () => {
    await using run = await sendingFilm();
    run.sender.kill('SIGKILL');
    await run.sender.ended;
    await run.nothingLeft();
    assert.ok(run.server.logLines.some((line) => line.includes('nothing came from it')));
  });

  it('when its tool dies: it says so and fails', async () => {
    await using run = await sendingFilm();
    const [pid] = await run.tools();
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    assert.equal((await within('the end', run.sender.ended)).code, 1);
    assert.match(run.sender.output(), /ffmpeg ended unexpectedly \(SIGKILL\)/);
    await run.nothingLeft();
  });

  it('when it is put out of the room: it says so and fails', async () => {
    await using run = await sendingFilm();
    const [member] = members(run.server);
    assert.ok(member);
    run.server.app.registry.get(kitchen)?.expel(member, 'kicked', 'enough');
    assert.equal((await within('the end', run.sender.ended)).code, 1);
    assert.match(run.sender.output(), /put us out of the room/);
    await run.nothingLeft();
  });

  it('when the server is gone: it says so and fails', async () => {
    await using run = await sendingFilm();
    await run.server.app.close('maintenance');
    assert.equal((await within('the end', run.sender.ended, 30_000)).code, 1);
    assert.match(run.sender.output(), /the server is gone|put us out/);
    await waitFor(async () => (await run.tools()).length === 0, { what: 'ffmpeg to end' });
  });
});

describe('potluck broadcast', { skip }, () => {
  it('sends again when a media worker died', async () => {
    await using run = await sendingFilm();
    const [worker] = run.server.app.fabric.workers();
    assert.ok(worker?.pid);
    process.kill(worker.pid, 'SIGKILL');
    await waitFor(() => run.sender.output().includes('sending again'), {
      what: () => `the sender to notice: ${run.sender.output()}`,
      timeoutMs: 20_000,
    });
    await sending(run.server, 2, run.sender);
  });

  it('says what is wrong in one sentence', async () => {
    const cases: [args: string[], code: number, said: RegExp][] = [
      [['broadcast', '/no/such/file', '--room', 'r'], 2, /there is no file \/no\/such\/file/],
      [['broadcast', import.meta.filename, '--room', 'r'], 2, /cannot read it as media/],
      [['broadcast', import.meta.filename], 2, /--room/],
      [['broadcast', 'gopher://x', '--room', 'r'], 2, /cannot send from gopher: URLs; allowed: http:/],
      [['broadcast', 'camera', '--room', 'r', '--tool', 'obs'], 2, /--tool must be ffmpeg or gstreamer/],
      [['broadcast', 'camera', '--room', 'r', '--server', 'https://127.0.0.1:9'], 1, /cannot reach .*nothing listens/],
      [['listen', '--room', 'r', '--out', 'x.avi'], 2, /\.webm, \.mkv or \.mp4/],
      [['listen', '--room', 'r', '--out', 'x.webm', '--seconds', 'ten'], 2, /--seconds must be a number/],
    ];
    for (const [args, code, said] of cases) {
      await using run = runCommand(args);
      assert.equal((await run.ended).code, code, run.output());
      assert.match(run.output(), said);
      assert.doesNotMatch(run.output(), /\n\s+at /);
    }
  });
});
