/** The console as an operator has it: typed into a terminal, read from its screen. Section 8 of the v3 interface. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { waitFor } from '@potluck/testkit';
import { joinV3, openV3 } from '@potluck/testkit/v3-client';
import { startInTerminal } from './support.ts';

const sh = promisify(execFile);
type Failed = { code: number; stdout: string; stderr: string };

/** Runs a command line in a shell without a terminal, as a script does. */
const script = async (line: string): Promise<Failed> =>
  sh('sh', ['-c', line], { maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Failed) => error,
  );

describe('the console', () => {
  let run: Awaited<ReturnType<typeof startInTerminal>>;
  before(async () => {
    run = await startInTerminal('attached');
  });
  after(() => run[Symbol.asyncDispose]());

  it('has every command of the demo server, with objects of a real call', async () => {
    const { attach, wss, client } = run;
    const open = (peerId: string) => openV3(wss, { roomId: 'kitchen', peerId });
    const alice = await joinV3(await open('alice'));
    const bob = await joinV3(await open('bob'));
    const producerId = await alice.produce('audio');
    const dataProducerId = await alice.produceData('chat');
    const consumer = await bob.client.hear('newConsumer');
    const dataConsumer = await bob.client.hear('newDataConsumer', (offer) => offer.dataProducerId === dataProducerId);

    const pane = await attach('commands');
    const usage = await pane.run('usage');
    assert.match(usage, /^Node\.js process \[pid:\d+\]:\n\{\n {2}"cpu": /u);
    assert.match(usage, /worker 0 \[pid:\d+\]:(?:.|\n)*worker 1 \[pid:\d+\]:/u);
    assert.equal(await pane.run('u --json').then((text) => (JSON.parse(text) as unknown[]).length), 3);
    assert.equal(await pane.run('logLevel debug'), 'done');
    assert.equal(await pane.run('logTags ice dtls'), 'done');
    assert.match(
      await pane.run('logLevel loud'),
      /^ERROR: "loud" is not a log level; allowed: debug, warn, error, none/u,
    );
    for (const line of ['dumpWorkers', 'dw']) {
      assert.equal((await pane.run(line)).match(/^worker\.dump\(\):$/gmu)?.length, 2, line);
    }

    const ids: { [kind: string]: string | undefined } = {
      transport: bob.receive?.id,
      producer: producerId,
      consumer: consumer.id,
      dataProducer: dataProducerId,
      dataConsumer: dataConsumer.id,
    };
    const dumps = {
      webRtcServer: ['dumpWebRtcServer', 'dwrs'],
      router: ['dumpRouter', 'dr'],
      transport: ['dumpTransport', 'dt'],
      producer: ['dumpProducer', 'dp'],
      consumer: ['dumpConsumer', 'dc'],
      dataProducer: ['dumpDataProducer', 'ddp'],
      dataConsumer: ['dumpDataConsumer', 'ddc'],
    };
    for (const [kind, [long, short]] of Object.entries(dumps)) {
      const newest = await pane.run(`${short}`);
      assert.match(newest, new RegExp(`^${kind}\\.dump\\(\\):\\n\\{\\n  "id": "`, 'u'), short);
      const id = ids[kind] ?? JSON.parse(newest.slice(newest.indexOf('{'))).id;
      // The beginning of an id is enough.
      const named = JSON.parse(await pane.run(`${long} ${id.slice(0, 8)} --json`));
      assert.equal(named.id, id, long);
      assert.equal(await pane.run(`${short} zzz`), `ERROR: ${kind} "zzz" not found`);
    }
    const stats = {
      transport: ['statsTransport', 'st'],
      producer: ['statsProducer', 'sp'],
      consumer: ['statsConsumer', 'sc'],
      dataProducer: ['statsDataProducer', 'sdp'],
      dataConsumer: ['statsDataConsumer', 'sdc'],
    };
    for (const [kind, [long, short]] of Object.entries(stats)) {
      assert.match(await pane.run(`${short}`), new RegExp(`^${kind}\\.getStats\\(\\):\\n\\[`, 'u'), short);
      const named = JSON.parse(await pane.run(`${long} ${ids[kind]} --json`));
      assert.ok(Array.isArray(named), long);
      assert.equal(await pane.run(`${short} zzz`), `ERROR: ${kind} "zzz" not found`);
    }

    assert.match(await pane.run('rooms'), /^room +peers .*\nkitchen +2 /u);
    assert.match(await pane.run('peers kit'), /kitchen +alice +Name of alice +connected +\w+ +microphone /u);
    await pane.type('top');
    await pane.press('Enter');
    const top = await pane.see(/ 0 +\d+ +running(?:.|\n)*kitchen +2 (?:.|\n)*any key ends/u);
    assert.match(top, /1 room · 2 peers/u);
    await pane.press('q');
    await pane.see(/cmd>$/u);
    await pane.type(`watch ${bob.receive?.id.slice(0, 8)}`);
    await pane.press('Enter');
    await pane.see(/received +0 b\/s +0 b\/s +▁▁/u);
    await pane.press('Space');
    await pane.see(/cmd>$/u);

    assert.equal(await pane.run('log *potluck*'), 'log pattern: *potluck*');
    assert.match(await pane.run('config'), /https\.port +0 +/u);
    assert.match(await pane.run('help'), /dumpWebRtcServer \[id\] +dwrs/u);
    assert.match(await pane.run('dumpRoutr'), /^ERROR: unknown command "dumpRoutr"; did you mean dumpRouter\?/u);

    const gone = alice.client.ended();
    assert.equal(await pane.run('kick alice'), 'kicked Name of alice (alice) from kitchen');
    assert.equal((await gone).code, 4000);
    assert.equal(await pane.run('dp'), 'ERROR: no producer is open');
    assert.equal((await script(client('exec close kitchen'))).stdout, 'closed kitchen, 1 put out\n');
    assert.equal(await pane.run('dr'), 'ERROR: no router is open');
    await bob.client.ended();
  });

  it('completes with Tab, remembers lines, and fits the window', async () => {
    const pane = await run.attach('typing', { columns: 60, rows: 20 });
    await pane.type('dumpWebR');
    await pane.press('Tab');
    await pane.see(/cmd> dumpWebRtcServer$/mu);
    // Several at once would be a paste.
    await pane.press('Tab');
    await pane.press('Tab');
    const [first] = (await pane.see(/^[\da-f-]{36}$/mu)).match(/^[\da-f-]{36}$/mu) ?? [];
    assert.ok(first);
    await pane.press('C-u');
    await pane.type(`dwrs ${first.slice(0, 8)}`);
    await pane.press('Tab');
    await pane.see(`cmd> dwrs ${first}`);
    await pane.press('C-u');
    await pane.run('rooms');
    assert.ok((await pane.run('help')).split('\n').every((line) => line.length <= 60));
    await pane.press('C-d');
    await pane.see('ended with 0');

    const again = await run.attach('again');
    await again.press('Up', 'Up');
    await again.see(/cmd> rooms$/u);
    const { mode } = await stat(join(run.folder, 'data/console/history'));
    assert.equal(mode & 0o777, 0o600);
  });

  it('serves two at once, and a REPL in one does not disturb the other', async () => {
    const [one, two] = await Promise.all([run.attach('one'), run.attach('two')]);
    await one.type('t');
    await one.press('Enter');
    await one.see(/terminal>$/u);
    await one.type('[workers.size, worker.constructor.name, webRtcServers.size, process.pid > 0]');
    await one.press('Enter');
    await one.see("[ 2, 'WorkerImpl', 2, true ]");
    assert.equal(await two.run('rooms'), 'no room is open');
    await one.type('.exit');
    await one.press('Enter');
    await one.see(/cmd>$/u);
    assert.equal(await one.run('rooms'), 'no room is open');
    await one.press('C-c');
    await one.see('ended with 0');
    assert.equal(await two.run('rooms'), 'no room is open');
  });

  it('is stopped with Ctrl-Z and goes on with fg, while the server runs on', async () => {
    const pane = await run.attach('jobs');
    await pane.type('no');
    await pane.press('C-z');
    await pane.see(/ended with \d+\n(?:.*\n)*shell>$/u);
    assert.equal((await script(run.client('exec help'))).code, 0);
    await pane.type('fg');
    await pane.press('Enter');
    await pane.see(/cmd> no$/u);
    await pane.type('pe');
    await pane.press('Enter');
    await pane.see(/ERROR: unknown command "nope"/u);
  });

  it('shows errors in red with a word before them', async () => {
    const pane = await run.attach('colours');
    await pane.run('dr');
    assert.match(await pane.screen({ colors: true }), /\u001b\[1m\u001b\[31mERROR:/u);
  });

  it('gives scripts data and a status', async () => {
    const { client } = run;
    assert.deepEqual(JSON.parse((await script(client(`exec 'rooms --json'`))).stdout), []);
    assert.equal((await script(client('exec dw'))).code, 0);
    const failed = await script(client('exec dr'));
    assert.deepEqual([failed.code, failed.stdout, failed.stderr], [1, '', 'ERROR: no router is open\n']);
    assert.equal((await script(client('exec nonsense'))).code, 2);
    assert.equal((await script(client('exec'))).code, 2);
    assert.equal((await script(client('exec --port 1 rooms'))).code, 3);
    const piped = await script(`printf 'rooms\\nnonsense\\n' | ${client('connect')}`);
    assert.deepEqual([piped.code, piped.stdout], [2, 'no room is open\n']);
    const help = await script(client('exec --help'));
    assert.match(help.stdout, /Usage: potluck exec/u);
    // A reader that stops reading ends it, and nothing else.
    await script(`${client(`exec 'dw --json'`)} | head -1`);
    assert.equal((await script(client('exec rooms'))).code, 0);
  });
});

describe('attached consoles, when the server ends', () => {
  it('says so when the server stops, gives the terminal back, and exits with 0', async () => {
    await using run = await startInTerminal('stop');
    const [prompt, live, repl] = await Promise.all(['prompt', 'live', 'repl'].map((title) => run.attach(title)));
    assert.ok(prompt && live && repl);
    await live.type('top');
    await live.press('Enter');
    await live.see('any key ends');
    await repl.type('t');
    await repl.press('Enter');
    await repl.see(/terminal>$/u);
    await run.server.press('C-c');
    await run.server.see('Stop the server? Press Ctrl-C again or y; any other key goes on.');
    await run.server.type('y');
    await run.server.see(/stopped\nended with 0/u);
    for (const pane of [prompt, live, repl]) {
      await pane.see(/The server is stopping\.\nended with 0/u);
      await pane.type('stty -a | grep -o " icanon\\| echo "');
      await pane.press('Enter');
      await pane.see(/^ icanon\n echo$/mu);
    }
    const { code, stderr } = await script(run.client('exec rooms'));
    assert.equal(code, 3);
    assert.match(stderr, /no server answers/u);
  });

  it('tells a server that was killed from one that stopped', async () => {
    await using run = await startInTerminal('killed');
    const pane = await run.attach('attached');
    const [{ pid }] = JSON.parse((await script(run.client('exec u --json'))).stdout);
    process.kill(pid, 'SIGKILL');
    await pane.see(/The connection to the server was lost\.\nended with 1/u);
  });
});

describe('the console in the server’s own terminal', () => {
  it('keeps the line being typed below the log lines', async () => {
    await using run = await startInTerminal('own', { size: { columns: 70, rows: 40 } });
    const { server, wss } = run;
    await server.see(/Ctrl-C stops the server\.\ncmd>$/u);
    // Longer than the window is wide, with the cursor in the middle.
    const typed = `dr ${'0123456789'.repeat(9)}`;
    await server.type(typed);
    await server.press('Left', 'Left', 'Left');
    const client = await openV3(wss, { roomId: 'kitchen', peerId: 'alice' });
    await server.see(/room opened .*roomId=kitchen/u);
    await client.leave();
    const shown = await server.see('room closed');
    const line = `cmd> ${typed}`;
    assert.ok(shown.endsWith(`\n${line.slice(0, 70)}\n${line.slice(70)}`), shown);
    assert.equal(shown.split('cmd> ').length, 2, 'the line stands there once');
    await server.type('X');
    await server.press('Enter');
    await server.see(/ERROR: router\s"[\d\n]+X789"\snot\sfound\ncmd>$/u);
  });

  it('asks once on Ctrl-C, goes on with any other key, and stops on the second', async () => {
    await using run = await startInTerminal('interrupt');
    const { server } = run;
    await server.see(/cmd>$/u);
    await server.type('roo');
    await server.press('C-c');
    await server.see(/any other key goes on\.$/u);
    await server.press('n');
    await server.see(/cmd> roo$/u);
    await server.type('ms');
    await server.press('Enter');
    await server.see(/no room is open\ncmd>$/u);
    await server.press('C-z');
    assert.equal(await server.run('rooms'), 'no room is open');
    await server.press('C-c', 'C-c');
    await server.see(/stopped\nended with 0/u);
  });

  it('is left with Ctrl-D, and the server goes on until Ctrl-C', async () => {
    await using run = await startInTerminal('leave');
    const { server, client } = run;
    await server.see(/cmd>$/u);
    await server.press('C-d');
    await server.see(/The console is closed, the server goes on\./u);
    assert.equal((await script(client('exec rooms'))).stdout, 'no room is open\n');
    await server.press('Enter');
    await server.see(/cmd>$/u);
    assert.equal(await server.run('rooms'), 'no room is open');
    await server.type('quit');
    await server.press('Enter');
    await server.see(/Enter opens it again/u);
    await server.press('C-c');
    const end = await server.see(/stopped\nended with 0/u);
    assert.doesNotMatch(end, /error/u, 'the workers end when they are told, not before');
  });

  it('is not opened when it is not wanted, in the background, or without a terminal', async () => {
    await using off = await startInTerminal('off', { flags: '--no-interactive' });
    await off.server.see('Potluck is open.');
    assert.equal((await script(off.client('exec rooms'))).code, 0);
    assert.doesNotMatch(await off.server.screen(), /cmd>/u);
    // What runs in the background outlives its terminal, so the shell takes it along.
    await using background = await startInTerminal('background', { flags: '& trap "kill $!" HUP; wait' });
    assert.equal((await script(background.client('exec rooms'))).code, 0);
    assert.doesNotMatch(await background.server.screen(), /cmd>|[Ss]topped/u);
    await using piped = await startInTerminal('piped', { flags: '| cat' });
    assert.equal((await script(piped.client('exec rooms'))).code, 0);
    await piped.server.press('C-c');
    await waitFor(async () => (await script(piped.client('exec rooms'))).code === 3, { what: 'the end of the server' });
  });
});
