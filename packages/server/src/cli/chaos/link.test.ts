import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { openLink } from './link.ts';

/** An echo on loopback, a link to it, and a client of the link. */
async function start(test: TestContext, random: () => number) {
  const bind = async (socket: Socket) => {
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    test.after(() => socket.close());
    return socket.address().port;
  };
  const echo = createSocket('udp4');
  echo.on('message', (data, from) => echo.send(data, from.port, from.address));
  const port = await bind(echo);
  const link = await openLink('127.0.1.99', [port], random);
  test.after(() => link.close());
  const client = createSocket('udp4');
  await bind(client);
  const heard: string[] = [];
  client.on('message', (data) => heard.push(String(data)));
  const send = (text: string) => client.send(text, port, '127.0.1.99');
  const next = () => once(client, 'message');
  return { link, send, heard, next };
}

describe('openLink', () => {
  it('passes packets on, both ways', async (test) => {
    const { send, heard, next } = await start(test, () => 0);
    send('one');
    await next();
    assert.deepEqual(heard, ['one']);
  });

  it('loses what chance has it lose, until the time is over', async (test) => {
    const drawn: (() => void)[] = [];
    const { link, send, heard, next } = await start(test, () => {
      drawn.shift()?.();
      return 0.4;
    });
    link.lose(0.3, 60_000);
    send('lucky');
    await next();
    link.lose(0.5, 60_000);
    const lost = new Promise<void>((resolve) => drawn.push(resolve));
    send('lost');
    await lost;
    link.lose(0.5, 0);
    send('arrives');
    await next();
    assert.deepEqual(heard, ['lucky', 'arrives']);
  });

  it('holds packets up for a while', async (test) => {
    const { link, send, next } = await start(test, () => 0);
    link.lag(40, 60_000);
    const sentAt = performance.now();
    send('late');
    await next();
    assert.ok(performance.now() - sentAt >= 78, 'there and back');
  });
});
