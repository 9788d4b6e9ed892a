import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openLog } from './log.ts';

const now = () => new Date('2026-01-02T03:04:05.678Z');

function opened(format: 'human' | 'json', pattern = '*', colors = false) {
  const lines: string[] = [];
  const log = openLog({ pattern, format, colors, now, write: (text) => lines.push(text) });
  return { log, lines, text: () => lines.join('') };
}

describe('the log for people', () => {
  it('writes one line: time, level, part, message, facts', () => {
    const { log, text } = opened('human');
    log.root.child('session', { peerId: 'p 1' }).info('peer joined', { consumers: 3, layers: { spatial: 1 } });
    assert.match(text(), /^\d\d:04:05 info  session peer joined  peerId="p 1" consumers=3 layers=\{ spatial: 1 \}\n$/u);
  });

  it('adds the stack of an error at level error only', () => {
    const { log, lines } = opened('human');
    log.root.warn('odd', { error: new Error('boom') });
    log.root.error('bad', { error: new Error('boom', { cause: new TypeError('inner') }) });
    assert.match(lines[0] ?? '', /error=boom\n$/u);
    assert.match(lines[1] ?? '', /error=boom\n +Error: boom\n +at /u);
  });

  it('draws nothing on the terminal that a client made up', () => {
    const { log, text } = opened('human');
    log.root.info('x', { name: 'a\u001b[31m\nb', list: ['\u001b]0;t\u0007'] });
    // eslint-disable-next-line no-control-regex -- looking for control characters is the point
    assert.doesNotMatch(text().slice(0, -1), /[\u0000-\u001f]/u);
  });

  it('colours on request', () => {
    assert.match(opened('human', '*', true).log.root.warn('x') ?? '', /^$/u);
    const { log, text } = opened('human', '*', true);
    log.root.warn('x');
    assert.ok(text().includes('\u001b[1m'));
  });
});

describe('the log for programs', () => {
  it('writes one JSON object a line', () => {
    const { log, lines } = opened('json');
    log.root.child('room', { roomId: 'r' }).info('room opened', { level: 'posing', message: 'too' });
    assert.equal(lines.length, 1);
    assert.deepEqual(JSON.parse(lines[0] ?? ''), {
      level: 'info',
      time: '2026-01-02T03:04:05.678Z',
      roomId: 'r',
      level_: 'posing',
      message_: 'too',
      name: 'potluck:INFO:room',
      message: 'room opened',
    });
  });
});

describe('log patterns', () => {
  const written = (pattern: string) => {
    const { log, lines } = opened('json', pattern);
    for (const level of ['error', 'warn', 'info', 'debug'] as const) log.root.child('session')[level]('x');
    const media = log.root.child('media').child('mediasoup');
    media.child('Worker').warn('x');
    media.child('Channel').debug('x');
    return lines.map((line) => String(JSON.parse(line).name));
  };

  it('write info, warn and error of everything by default', () => {
    assert.deepEqual(written('*INFO* *WARN* *ERROR*'), [
      'potluck:ERROR:session',
      'potluck:WARN:session',
      'potluck:INFO:session',
      'mediasoup:WARN:Worker',
    ]);
  });

  it('choose by product, part and level, and exclude', () => {
    assert.deepEqual(written('*mediasoup*'), ['mediasoup:WARN:Worker', 'mediasoup:Channel']);
    assert.deepEqual(written('potluck:session,*ERROR*'), ['potluck:ERROR:session', 'potluck:session']);
    assert.deepEqual(written('* -mediasoup* -potluck:INFO*'), [
      'potluck:ERROR:session',
      'potluck:WARN:session',
      'potluck:session',
    ]);
    assert.deepEqual(written('nothing.*('), []);
  });

  it('change while the server runs', () => {
    const { log, lines } = opened('human', '*ERROR*');
    log.root.info('before');
    log.setPattern('*INFO*');
    log.root.info('after');
    assert.equal(lines.length, 1);
    assert.equal(log.pattern, '*INFO*');
  });
});

describe('what may be written', () => {
  it('hides secrets however deep, cuts what is long, ends what is circular', () => {
    const { log, text } = opened('json');
    const circular: Record<string, unknown> = { a: 1 };
    circular['self'] = circular;
    log.root.info('x', {
      resumeToken: 'hush1',
      query: { token: 'hush2', deep: { Authorization: 'hush3', networkThrottleSecret: 'hush4' } },
      sdp: 'hush5',
      iceParameters: { usernameFragment: 'u', password: 'hush6' },
      long: 'y'.repeat(10_000),
      circular,
      bytes: new Uint8Array(5),
      big: 5n,
    });
    const line = text();
    assert.doesNotMatch(line, /hush/u);
    assert.ok(line.includes('"usernameFragment":"u"') && line.includes('[5 bytes]') && line.length < 2_000);
  });
});
