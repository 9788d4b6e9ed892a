import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Writable } from 'node:stream';

/** Where mediasoup writes its requests to a worker: file descriptor 3 of the child. */
const requestPipe = 3;

/**
 * Does what starts a worker, and lets the requests that go to it in one turn of the event loop go in one write: mediasoup
 * writes each by itself, and each wakes the worker. A hundred clients that join at once are thousands of them.
 */
export function startGathering<T>(start: () => T): T {
  const onSpawn = (message: unknown) => {
    if (!isSpawn(message)) return;
    const { process } = message;
    // Told when the process is about to be made: its pipes are there when `start` has returned.
    queueMicrotask(() => {
      const pipe = process.stdio[requestPipe];
      if (pipe instanceof Writable) gatherWrites(pipe);
    });
  };
  subscribe('child_process', onSpawn);
  try {
    return start();
  } finally {
    unsubscribe('child_process', onSpawn);
  }
}

/** From now on what is written in one turn of the event loop goes out together at its end. */
export function gatherWrites(stream: Writable): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  const destroy = stream.destroy.bind(stream);
  let gathering = false;
  const flush = () => {
    if (!gathering) return;
    gathering = false;
    stream.uncork();
  };
  stream.write = (...args: unknown[]) => {
    if (!gathering) {
      gathering = true;
      stream.cork();
      setImmediate(flush);
    }
    return write(...args);
  };
  // The last word to a worker is that it is to end.
  stream.destroy = (error) => {
    flush();
    return destroy(error);
  };
}

const isSpawn = (message: unknown): message is { process: ChildProcess } =>
  typeof message === 'object' && message !== null && 'process' in message;
