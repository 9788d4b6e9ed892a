import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What a server answers to these very bytes, until it ends the connection or `untilMs` pass. */
export async function sendRaw(port: number, bytes: string | Buffer, untilMs = 3_000): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.setTimeout(untilMs, () => socket.destroy());
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/u.exec(answer)?.[1] ?? 0);

/** An HTTP request whose path nobody tidies up on the way. */
export async function askRaw(
  port: number,
  target: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; text: string }> {
  const lines = Object.entries({ Host: 'localhost', Connection: 'close', ...headers }).map(
    ([k, v]) => `${k}: ${v}\r\n`,
  );
  const length = body === '' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  const text = await sendRaw(port, `${method} ${target} HTTP/1.1\r\n${lines.join('')}${length}\r\n${body}`);
  return { status: statusOf(text), text };
}
