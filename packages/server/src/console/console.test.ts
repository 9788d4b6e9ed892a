import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { settle, waitFor, within } from '@potluck/testkit';
import { joinV3 } from '../session/testing.ts';
import { completeLine } from './complete.ts';
import { startConsole } from './testing.ts';

describe('commands', () => {
  it('show rooms and peers, as text and as data', async () => {
    await using server = await startConsole();
    const { exec, open } = server;
    assert.deepEqual(await exec('rooms'), { status: 0, output: 'no room is open\n', errors: '' });
    await joinV3(await open('ann', 'v3'), 'Ann \u001b[2J');
    await open('bob', 'v3');
    const { output } = await exec('peers --json');
    const [ann, bob] = JSON.parse(output);
    assert.deepEqual([ann.room, ann.id, ann.state, ann.sends[0].source], ['r', 'ann', 'connected', 'microphone']);
    assert.deepEqual([bob.id, bob.state], ['bob', 'not joined yet']);
    assert.equal(JSON.parse((await exec('rooms --json')).output)[0].peers, 2);
    assert.match((await exec('rooms')).output, /^room +peers .*\nr +2 /);
    assert.doesNotMatch((await exec('peers')).output, /\u001b/);
    assert.match((await exec('peers nope')).errors, /^ERROR: room "nope" not found/);
  });

  it('kick a peer and close a room, by the beginnings of their names', async () => {
    await using server = await startConsole();
    const { exec, open, registry } = server;
    await open('ann', 'v3');
    await open('anna', 'v3');
    await open('ann', 'v3', { roomId: 'other' });
    assert.match((await exec('kick ann')).errors, /"ann" fits 2 peers \(r\/ann, other\/ann\); write room\/peer/);
    assert.equal((await exec('kick nobody')).status, 1);
    assert.deepEqual(await exec('kick other/ann'), { status: 0, output: 'kicked ann from other\n', errors: '' });
    assert.deepEqual([...registry.rooms.keys()], ['r']);
    assert.match((await exec('kick anna')).output, /kicked anna from r/);
    assert.equal((await exec('close r')).output, 'closed r, 1 put out\n');
    assert.equal(registry.rooms.size, 0);
  });

  it('set worker log, log pattern, and show settings without secrets', async () => {
    await using server = await startConsole();
    const { exec, fabric, deps } = server;
    assert.equal((await exec('logLevel debug')).output, 'done\n');
    assert.equal((await exec('logTags ice dtls')).output, 'done\n');
    assert.match((await exec('drain 7')).errors, /there is no worker "7"; there are 0/);
    assert.equal((await exec('undrain 0')).output, 'done\n');
    assert.deepEqual(fabric.workerLogs, [{ logLevel: 'debug' }, { logTags: ['ice', 'dtls'] }]);
    const refused = await exec('logTags ice rubbish');
    assert.deepEqual([refused.status, refused.output], [2, '']);
    assert.match(refused.errors, /"rubbish" is not a log tag; allowed: info, ice,/);
    assert.match((await exec('log *potluck* -*:edge')).output, /log pattern: \*potluck\* -\*:edge/);
    assert.equal(deps.logFilter.pattern, '*potluck* -*:edge');
    const { output } = await exec('config');
    assert.match(output, /rooms\.networkThrottleSecret +\*{8} /);
    assert.match(output, /https\.port +4443 +.*--port/);
    assert.doesNotMatch(output + (await exec('config --json')).output, /hush/);
  });

  it('dump and measure the newest object, or the one named by the beginning of its id', async () => {
    await using server = await startConsole();
    const { exec, inspector } = server;
    assert.deepEqual(await exec('dr'), { status: 1, output: '', errors: 'ERROR: no router is open\n' });
    inspector.add('router', 'aaa1');
    inspector.add('router', 'aab2');
    assert.equal((await exec('dr')).output, 'router.dump():\n{\n  "kind": "router",\n  "id": "aab2"\n}\n');
    assert.deepEqual(JSON.parse((await exec('dumpRouter aaa --json')).output), { kind: 'router', id: 'aaa1' });
    assert.deepEqual(JSON.parse((await exec('dr zz --json')).errors), {
      error: { code: 'not_found', message: 'router "zz" not found' },
    });
    inspector.add('consumer', 'c1', { type: 'outbound-rtp', bitrate: 5 });
    assert.equal((await exec('sc')).output.split('\n')[0], 'consumer.getStats():');
    inspector.add('worker', '77');
    assert.deepEqual(JSON.parse((await exec('dw --json')).output), [{ kind: 'worker', id: '77' }]);
  });

  it('say what is wrong with a line, with status 2', async () => {
    await using server = await startConsole();
    const { exec } = server;
    const wrong = {
      dumpRoutr: 'unknown command "dumpRoutr"; did you mean dumpRouter? Type help for the list',
      'rooms now': '"now" is too much; usage: rooms',
      kick: 'something is missing; usage: kick <peer>',
      'rooms --all': 'unknown option "--all"; allowed: --json',
      'close "r': 'the quote " is not closed',
      constructor: 'unknown command "constructor"; type help for the list',
      terminal: 'the REPL needs a terminal: type it in the console',
    };
    for (const [line, reason] of Object.entries(wrong)) {
      assert.deepEqual(await exec(line), { status: 2, output: '', errors: `ERROR: ${reason}\n` });
    }
    assert.equal((await exec('')).status, 0);
  });

  it('list themselves, each with its short name once', async () => {
    await using server = await startConsole();
    const commands = JSON.parse((await server.exec('help --json')).output) as { name: string; alias?: string }[];
    const short = Object.fromEntries(commands.flatMap(({ name, alias }) => (alias ? [[name, alias]] : [])));
    assert.deepEqual(short, {
      help: 'h',
      usage: 'u',
      terminal: 't',
      dumpWorkers: 'dw',
      dumpWebRtcServer: 'dwrs',
      dumpRouter: 'dr',
      dumpTransport: 'dt',
      dumpProducer: 'dp',
      dumpConsumer: 'dc',
      dumpDataProducer: 'ddp',
      dumpDataConsumer: 'ddc',
      statsTransport: 'st',
      statsProducer: 'sp',
      statsConsumer: 'sc',
      statsDataProducer: 'sdp',
      statsDataConsumer: 'sdc',
    });
    const names = commands.flatMap(({ name, alias }) => [name, alias ?? []].flat());
    assert.equal(new Set(names).size, names.length);
    for (const name of 'rooms peers kick close top watch log config quit logLevel logTags'.split(' ')) {
      assert.ok(names.includes(name), name);
    }
  });

  it('give one sample of what is live to scripts, rates included', async () => {
    await using server = await startConsole();
    const { exec, open } = server;
    await joinV3(await open('ann', 'v3'), 'Ann');
    const { rooms, workers } = JSON.parse((await exec('top --json')).output);
    assert.deepEqual([rooms[0].id, rooms[0].peers, rooms[0].bitrateIn, rooms[0].packetsIn], ['r', 1, 0, 0]);
    assert.equal(workers.length, 1);
  });
});

describe('completion', () => {
  it('offers commands, and ids, rooms and peers where they belong', async () => {
    await using server = await startConsole();
    const { deps, inspector, open } = server;
    inspector.add('router', 'aaa1');
    inspector.add('router', 'aab2');
    inspector.add('transport', 't1');
    await open('ann', 'v3', { roomId: 'my room' });
    await open('a\u001b[2J', 'v3').catch(() => {});
    const complete = (line: string) => completeLine(line, deps);
    assert.deepEqual(complete('dumpD'), [['dumpDataProducer', 'dumpDataConsumer'], 'dumpD']);
    assert.deepEqual(complete('peer'), [['peers '], 'peer']);
    assert.deepEqual(complete('dr a'), [['aaa1', 'aab2'], 'a']);
    assert.deepEqual(complete('dr aab'), [['aab2 '], 'aab']);
    assert.deepEqual(complete('watch '), [['t1 '], '']);
    assert.deepEqual(complete('close m'), [['"my room" '], 'm']);
    assert.deepEqual(complete('close "my r'), [['"my room" '], '"my r']);
    assert.deepEqual(complete('kick a'), [['ann '], 'a']);
    assert.deepEqual(complete('logLevel w'), [['warn '], 'w']);
    assert.deepEqual(complete('logTags ice dt'), [['dtls '], 'dt']);
    assert.deepEqual(complete('rooms --j'), [['--json '], '--j']);
    assert.deepEqual(complete('help dumpRou'), [['dumpRouter '], 'dumpRou']);
    assert.deepEqual(complete('nonsense a'), [[], 'a']);
  });
});

describe('an attached console', () => {
  it('shows a prompt, answers, and ends on Ctrl-D and Ctrl-C with status 0', async () => {
    await using server = await startConsole();
    for (const key of ['\u0004', '\u0003']) {
      const one = await server.attach();
      assert.match(one.output, /^Potluck console: help lists/);
      assert.equal(await one.run('rooms'), 'no room is open\n');
      assert.equal(await one.run(''), '');
      one.type(key);
      assert.deepEqual(await one.end(), { status: 0, farewell: '' });
    }
    const one = await server.attach();
    one.type('quit\r');
    assert.deepEqual(await one.end(), { status: 0, farewell: '' });
    await waitFor(() => server.operators.attached === 0, { what: 'nobody attached' });
  });

  it('has a line of its own, beside any number of others', async () => {
    await using server = await startConsole();
    const [one, two] = await Promise.all([server.attach(), server.attach()]);
    one.type('roo');
    assert.equal(await two.run('rooms'), 'no room is open\n');
    assert.equal(await one.run('ms'), 'no room is open\n');
    assert.equal(server.operators.attached, 2);
    one.cut();
    await waitFor(() => server.operators.attached === 1, { what: 'one left' });
    assert.equal(await two.run('rooms'), 'no room is open\n');
  });

  it('keeps its history for the next one', async () => {
    await using server = await startConsole();
    const one = await server.attach();
    await one.run('log');
    await one.run('rooms');
    const file = join(server.folder, 'history');
    await waitFor(async () => (await readFile(file, 'utf8')) === 'log\nrooms\n', { what: 'the history' });
    const two = await server.attach();
    two.output = '';
    two.type('\u001b[A\u001b[A\r');
    await two.see('log pattern: *');
  });

  it('carries out pasted lines one after another, and keeps what is typed meanwhile', async () => {
    await using server = await startConsole();
    const one = await server.attach();
    one.output = '';
    one.type('rooms\rlog\rrooms\rlo');
    await one.see(/log pattern: \*\nno room is open\ncmd> lo$/);
    one.type('g\r');
    await one.see(/log pattern: \*\ncmd> $/);
  });

  it('shows live output until a key, and what is watched growing', async () => {
    await using server = await startConsole();
    const { inspector } = server;
    const stat = { type: 'inbound-rtp', bitrate: 1_200_000, packetCount: 0, score: 9 };
    inspector.add('producer', 'p1', stat);
    const one = await server.attach();
    one.output = '';
    one.type('watch p\r');
    await one.see(/producer p1\n(?:.*\n)*bit rate +1\.20 Mb\/s +1\.20 Mb\/s +█\n/);
    await one.see('any key ends');
    stat.packetCount = 500;
    await one.see(/packets +\d+\/s .*█\n/);
    one.type('q');
    await one.see(/cmd> $/);
    assert.match(await one.run('watch nope'), /^ERROR: object "nope" not found/);
  });

  it('ends live output with an error when the object is gone', async () => {
    await using server = await startConsole();
    server.inspector.add('producer', 'p1', { bitrate: 1 });
    const one = await server.attach();
    one.type('watch p1\r');
    await one.see('any key ends');
    server.inspector.objects.get('producer')?.clear();
    await one.see(/ERROR: producer "p1" not found\ncmd> $/);
  });

  it('fits its output to the window, also after a resize', async () => {
    await using server = await startConsole();
    const { attach, open } = server;
    await joinV3(await open('ann-with-a-long-name-for-a-peer', 'v3'), 'Ann');
    const one = await attach({ size: { columns: 40, rows: 10 } });
    const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));
    assert.ok(widest(await one.run('peers')) <= 40);
    one.send(4, { columns: 200, rows: 10 });
    assert.match(await one.run('peers'), /ann-with-a-long-name-for-a-peer .*microphone/);
    one.send(4, { columns: 40, rows: 10 });
    await settle();
    one.output = '';
    one.type('top\r');
    const shown = await one.see('any key ends');
    assert.ok(widest(shown) <= 40, shown);
  });

  it('opens a REPL with the engine’s objects and comes back', async () => {
    await using server = await startConsole();
    const one = await server.attach();
    one.output = '';
    one.type('t\r');
    await one.see('terminal> ');
    one.type('answer + workers.size\r');
    await one.see('42\n');
    one.type('\u001a'); // Ctrl-Z must not stop the server.
    one.type('typeof leaked\r');
    await one.see("'undefined'\n");
    one.type('var leaked = 1\r\u0004');
    await one.see(/cmd> $/);
    assert.equal(Object.hasOwn(globalThis, 'leaked'), false);
    assert.equal(await one.run('rooms'), 'no room is open\n');
  });

  it('is told when the server stops, whatever it shows at the moment', async () => {
    await using server = await startConsole();
    const all = await Promise.all(Array.from({ length: 4 }, () => server.attach()));
    const [idle, live, repl] = all;
    live?.type('top\r');
    repl?.type('t\r');
    await live?.see('any key ends');
    await repl?.see('terminal> ');
    await server.operators.close();
    for (const one of all) assert.deepEqual(await one.end(), { status: 0, farewell: 'The server is stopping.' });
    await waitFor(() => idle?.closed, { what: 'the end of the socket' });
    await waitFor(() => server.operators.attached === 0, { what: 'nobody attached' });
  });

  it('carries out what is piped in and ends with the status of the last line', async () => {
    await using server = await startConsole();
    for (const [lines, status, output, errors] of [
      ['rooms\nnope\n', 2, 'no room is open\n', /unknown command/],
      ['dr\nrooms --json', 0, '[]\n', /no router is open/],
      ['', 0, '', /^$/],
    ] as const) {
      const one = await server.attach({ interactive: false });
      one.type(lines);
      one.send(3);
      assert.deepEqual(await one.end(), { status, farewell: '' });
      assert.equal(one.output, output);
      assert.match(one.errors, errors);
    }
  });
});

describe('the console socket', () => {
  it('drops who makes no sense and goes on', async () => {
    await using server = await startConsole();
    for (const junk of [
      'GET / HTTP/1.1\r\n\r\n',
      Buffer.from([1, 0, 0, 0, 2, 0x7b, 0x7d]),
      Buffer.from([2, 0, 0, 0, 0]),
    ]) {
      const socket = connect(server.path);
      socket.on('error', () => {});
      socket.write(junk);
      await once(socket, 'close');
    }
    // Somebody who only looked whether the server lives.
    const probe = connect({ path: server.path, allowHalfOpen: true });
    probe.end();
    await once(probe, 'close');
    const one = await server.attach();
    one.send(6, 'not of a client');
    await waitFor(() => one.closed, { what: 'the end of who sends what only the server sends' });
    assert.equal((await server.exec('rooms')).status, 0);
    assert.equal(server.logged.filter((line) => line === 'console client refused').length, 4);
    const mute = connect(server.path);
    await once(mute, 'connect');
    await settle();
    // Whoever says nothing does not hold the server up.
    await within('the end of the console', server.operators.close(), 1_000);
  });
});
