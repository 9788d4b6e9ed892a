import { permissionOf } from './devices.ts';

type Ask = MediaDevices['getUserMedia'];
type Waiting = {
  readonly constraints: MediaStreamConstraints;
  readonly resolve: (stream: Promise<MediaStream>) => void;
};

/**
 * Microphone and camera that are asked for in one turn are asked for together, and both get the one stream: a browser opens one request
 * after the other, and asks its user about each. What cannot be had together is asked for one by one, but for what the user has just
 * said no to: that would be the same question again.
 */
export function askTogether(ask: Ask, permission = permissionOf): Ask {
  let waiting: Waiting[] = [];
  const flush = () => {
    const asked = waiting;
    waiting = [];
    const [first, ...more] = asked;
    if (more.length === 0) return first?.resolve(ask(first.constraints));
    const all = asked.reduce<MediaStreamConstraints>((sum, { constraints }) => ({ ...sum, ...constraints }), {});
    const both = ask(all);
    const refused = both.then(
      () => noKinds,
      (failure: unknown) => justRefused(failure, all, permission),
    );
    for (const { constraints, resolve } of asked) {
      const alone = async (failure: unknown) => {
        const kinds = await refused;
        if (kindsOf(constraints).some((kind) => kinds.has(kind))) throw failure;
        return ask(constraints);
      };
      resolve(both.catch(alone));
    }
  };
  return (constraints = {}) =>
    new Promise((resolve) => {
      // Another microphone is a question of its own.
      if (waiting.some((other) => Object.keys(constraints).some((kind) => kind in other.constraints))) flush();
      waiting.push({ constraints, resolve });
      if (waiting.length === 1) queueMicrotask(flush);
    });
}

type Kind = 'microphone' | 'camera';
const noKinds: ReadonlySet<Kind> = new Set();

const kindsOf = ({ audio, video }: MediaStreamConstraints): Kind[] => [
  ...(audio === undefined ? [] : ['microphone' as const]),
  ...(video === undefined ? [] : ['camera' as const]),
];

/** What the user was asked about and refused for now. A kind that is blocked fails both without any question. */
async function justRefused(
  failure: unknown,
  constraints: MediaStreamConstraints,
  permission: typeof permissionOf,
): Promise<ReadonlySet<Kind>> {
  if (!(failure instanceof Error) || failure.name !== 'NotAllowedError') return noKinds;
  const states = await Promise.all(kindsOf(constraints).map(async (kind) => ({ kind, state: await permission(kind) })));
  if (states.some(({ state }) => state === 'denied')) return noKinds;
  return new Set(states.filter(({ state }) => state === 'prompt').map(({ kind }) => kind));
}
