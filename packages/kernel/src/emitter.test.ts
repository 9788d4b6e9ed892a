import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Emitter } from './emitter.ts';

type Events = { joined: [name: string]; closed: [] };

describe('Emitter', () => {
  it('calls listeners synchronously, in the order they came', () => {
    const emitter = new Emitter<Events>();
    const calls: string[] = [];
    emitter.on('joined', (name) => calls.push(`first ${name}`));
    emitter.on('joined', (name) => calls.push(`second ${name}`));
    emitter.emit('joined', 'ada');
    assert.deepEqual(calls, ['first ada', 'second ada']);
  });

  it('stops calling who unsubscribed', () => {
    const emitter = new Emitter<Events>();
    let calls = 0;
    const off = emitter.on('closed', () => (calls += 1));
    emitter.emit('closed');
    off();
    off();
    emitter.emit('closed');
    assert.equal(calls, 1);
    assert.equal(emitter.count(), 0);
  });

  it('calls a once listener once, also when it emits again itself', () => {
    const emitter = new Emitter<Events>();
    let calls = 0;
    emitter.once('closed', () => {
      calls += 1;
      emitter.emit('closed');
    });
    emitter.emit('closed');
    emitter.emit('closed');
    assert.equal(calls, 1);
  });

  it('forgets a once listener that unsubscribed before', () => {
    const emitter = new Emitter<Events>();
    let calls = 0;
    emitter.once('closed', () => (calls += 1))();
    emitter.emit('closed');
    assert.equal(calls, 0);
  });

  it('reports a listener that throws, and goes on with the rest', () => {
    const reported: unknown[] = [];
    const emitter = new Emitter<Events>((error) => reported.push(error));
    const calls: string[] = [];
    emitter.on('closed', () => {
      throw new Error('bad listener');
    });
    emitter.on('closed', () => calls.push('good'));
    emitter.emit('closed');
    assert.deepEqual(calls, ['good']);
    assert.equal((reported[0] as Error).message, 'bad listener');
  });

  it('calls those who were there when the emission began', () => {
    const emitter = new Emitter<Events>();
    const calls: string[] = [];
    emitter.on('closed', () => {
      calls.push('first');
      emitter.on('closed', () => calls.push('late'));
    });
    emitter.emit('closed');
    assert.deepEqual(calls, ['first']);
  });

  it('does not call who was removed by one before it', () => {
    const emitter = new Emitter<Events>();
    const calls: string[] = [];
    emitter.on('closed', () => {
      calls.push('first');
      off();
    });
    const off = emitter.on('closed', () => calls.push('second'));
    emitter.emit('closed');
    assert.deepEqual(calls, ['first']);
  });

  it('counts the listeners of an event, or of all', () => {
    const emitter = new Emitter<Events>();
    emitter.on('closed', () => {});
    emitter.on('joined', () => {});
    emitter.on('joined', () => {});
    assert.deepEqual([emitter.count('joined'), emitter.count('closed'), emitter.count()], [2, 1, 3]);
  });

  it('has no events but its own', () => {
    const emitter = new Emitter<{ [name: string]: [] }>();
    emitter.emit('constructor');
    emitter.emit('toString');
    assert.equal(emitter.count('hasOwnProperty'), 0);
  });
});
