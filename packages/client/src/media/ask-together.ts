type Ask = MediaDevices['getUserMedia'];
type Waiting = {
  readonly constraints: MediaStreamConstraints;
  readonly resolve: (stream: Promise<MediaStream>) => void;
};

/**
 * Microphone and camera that are asked for in one turn are asked for together, and both get the one stream: a browser opens one request
 * after the other, and asks its user about each. What cannot be had together is asked for one by one.
 */
export function askTogether(ask: Ask): Ask {
  let waiting: Waiting[] = [];
  const flush = () => {
    const asked = waiting;
    waiting = [];
    const all = asked.reduce<MediaStreamConstraints>((sum, { constraints }) => ({ ...sum, ...constraints }), {});
    const both = asked.length > 1 && ask(all);
    for (const { constraints, resolve } of asked) resolve(both ? both.catch(() => ask(constraints)) : ask(constraints));
  };
  return (constraints = {}) =>
    new Promise((resolve) => {
      // Another microphone is a question of its own.
      if (waiting.some((other) => Object.keys(constraints).some((kind) => kind in other.constraints))) flush();
      waiting.push({ constraints, resolve });
      if (waiting.length === 1) queueMicrotask(flush);
    });
}
