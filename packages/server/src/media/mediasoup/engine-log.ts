import { setLogEventListeners } from 'mediasoup';
import type { Logger } from '@potluck/kernel';

/** Writes what mediasoup and its workers log into our log, under `mediasoup:<their part>`. One log for the process. */
export function forwardEngineLog(log: Logger): void {
  const children = new Map<string, Logger>();
  const childFor = (namespace: string) => {
    let child = children.get(namespace);
    if (!child) {
      const part = namespace.split(':').at(-1) ?? '';
      children.set(namespace, (child = log.child('mediasoup').child(part)));
    }
    return child;
  };
  setLogEventListeners({
    ondebug: (namespace, line) => childFor(namespace).debug(line),
    onwarn: (namespace, line) => {
      if (isNoNews(line)) childFor(namespace).debug(line);
      else childFor(namespace).warn(line);
    },
    onerror: (namespace, line, error) => {
      if (isNoNews(line)) childFor(namespace).debug(line);
      else childFor(namespace).error(line, error && { error });
    },
  });
}

const noNews = [
  // A client's bad request; whoever asked gets the error, and logs it if it matters.
  /^request failed/u,
  // Whoever sent it has just left: the worker ended the consumer a moment before we asked for it.
  /AssertAndGetConsumerById\(\) \| throwing MediaSoupNotFoundError: Consumer not found \[method:transport\.closeConsumer\]/u,
  // Or the whole transport it stood on, in the same turn of ours.
  /HandleRequest\(\) \| throwing MediaSoupNotFoundError: Channel request handler with ID \S+ not found \[method:transport\.closeConsumer\]/u,
  // A worker that we have just ended had something to tell.
  /^\(stderr\) UnixStreamSocketHandle::(?:Write|OnUvWriteError)\(\) \| .*broken pipe/u,
  // Somebody sent nothing for a while: a line for each who receives it.
  /RetransmissionBuffer::Insert\(\) \| buffer empty after clearing too old packets/u,
  // Of a receiver whose last picture ends, while `minOutgoingBitrate` is above the engine's own least: it takes ours.
  /GoogCcNetworkController::ClampConstraints\(\) \| start bitrate smaller than min bitrate/u,
];

/** What the engine makes more of than anybody could do about it. */
export const isNoNews = (line: string): boolean => noNews.some((pattern) => pattern.test(line));
