import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { gatherWrites, startGathering } from './gather-writes.ts';

class Sink extends Writable {
  readonly writes: string[][] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes.push([chunk.toString()]);
    done();
  }
  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.writes.push(chunks.map(({ chunk }) => chunk.toString()));
    done();
  }
}

const turn = () => new Promise(setImmediate);

describe('gatherWrites', () => {
  it('writes together what comes in one turn, in order, and the next turn by itself', async () => {
    const sink = new Sink();
    gatherWrites(sink);
    sink.write('a');
    await Promise.resolve();
    sink.write('b');
    assert.deepEqual(sink.writes, []);
    await turn();
    sink.write('c');
    await turn();
    assert.deepEqual(sink.writes, [['a', 'b'], ['c']]);
  });

  it('writes what it has before the stream ends', async () => {
    const sink = new Sink();
    gatherWrites(sink);
    sink.write('last');
    sink.destroy();
    await turn();
    assert.deepEqual(sink.writes, [['last']]);
  });
});

describe('startGathering', () => {
  it('finds the request pipe of the process that is started, and only of that', async () => {
    const start = () => spawn('/bin/sh', ['-c', 'cat <&3'], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
    const child = startGathering(start);
    const other = start();
    await Promise.resolve();
    const [pipe, plain] = [child, other].map(({ stdio }) => stdio[3] as Writable);
    assert.ok(pipe && plain && Object.hasOwn(pipe, 'write') && !Object.hasOwn(plain, 'write'));
    let text = '';
    child.stdout?.on('data', (data) => (text += data));
    pipe.write('one ');
    pipe.write('two');
    pipe.end();
    plain.end();
    other.stdout?.resume();
    await Promise.all([once(child, 'close'), once(other, 'close')]);
    assert.equal(text, 'one two');
  });
});
