import type { ThrottleOptions } from '../session/services.ts';

/** One change to the machine's network, and what takes it back. */
export type Step = { readonly run: readonly string[]; readonly undo: readonly string[] | undefined };

export type PortRange = { readonly min: number; readonly max: number };

/** Incoming packets can only be delayed on an interface of their own, which they are sent through. */
export const incomingInterface = 'potluck-in';

/** The fourth band of the queue gets what a filter puts there; the three others stay as Linux has them. */
const normalBands = '1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1'.split(' ');

/**
 * What shapes the media of this server, and nothing else on the machine: packets from and to its media ports, on the given
 * interfaces. Rates are kbit/s, as the throttle of mediasoup-demo takes them; half of the round trip goes to each direction.
 */
export function shapingSteps(
  interfaces: readonly string[],
  ports: readonly PortRange[],
  { uplink = 0, downlink = 0, rtt = 0, packetLoss = 0 }: ThrottleOptions,
): Step[] {
  const both = { delayMs: rtt / 2, packetLoss };
  const into = incomingInterface;
  return [
    { run: ['ip', 'link', 'add', into, 'type', 'ifb'], undo: ['ip', 'link', 'del', into] },
    { run: ['ip', 'link', 'set', 'dev', into, 'up'], undo: undefined },
    {
      run: ['tc', 'qdisc', 'add', 'dev', into, 'root', 'handle', '1:', 'netem', ...netem(downlink, both)],
      undo: undefined,
    },
    ...interfaces.flatMap((dev) => [
      {
        run: [
          'tc',
          'qdisc',
          'add',
          'dev',
          dev,
          'root',
          'handle',
          '1:',
          'prio',
          'bands',
          '4',
          'priomap',
          ...normalBands,
        ],
        undo: ['tc', 'qdisc', 'del', 'dev', dev, 'root'],
      },
      {
        run: ['tc', 'qdisc', 'add', 'dev', dev, 'parent', '1:4', 'handle', '40:', 'netem', ...netem(uplink, both)],
        undo: undefined,
      },
      ...matches(ports, 'src_port').map((match) => ({
        run: ['tc', 'filter', 'add', 'dev', dev, 'parent', '1:', ...match, 'classid', '1:4'],
        undo: undefined,
      })),
      {
        run: ['tc', 'qdisc', 'add', 'dev', dev, 'handle', 'ffff:', 'ingress'],
        undo: ['tc', 'qdisc', 'del', 'dev', dev, 'ingress'],
      },
      ...matches(ports, 'dst_port').map((match) => ({
        run: [
          ...['tc', 'filter', 'add', 'dev', dev, 'parent', 'ffff:', ...match],
          ...['action', 'mirred', 'egress', 'redirect', 'dev', into],
        ],
        undo: undefined,
      })),
    ]),
  ];
}

/** Takes back what a server left that was killed while it throttled. */
export const leftoverSteps = (interfaces: readonly string[]): readonly (readonly string[])[] => [
  ...interfaces.flatMap((dev) => [
    ['tc', 'qdisc', 'del', 'dev', dev, 'ingress'],
    ['tc', 'qdisc', 'del', 'dev', dev, 'root'],
  ]),
  ['ip', 'link', 'del', incomingInterface],
];

function netem(rate: number, { delayMs, packetLoss }: { delayMs: number; packetLoss: number }): string[] {
  return [
    // The default of 1,000 packets would overflow, and lose, where a long delay meets a high rate.
    ...['limit', '20000'],
    ...(delayMs > 0 ? ['delay', `${delayMs}ms`] : []),
    ...(packetLoss > 0 ? ['loss', `${packetLoss}%`] : []),
    ...(rate > 0 ? ['rate', `${rate}kbit`] : []),
  ];
}

function matches(ports: readonly PortRange[], side: 'src_port' | 'dst_port'): string[][] {
  const combinations = ports.flatMap(({ min, max }) =>
    ['ip', 'ipv6'].flatMap((family) => ['udp', 'tcp'].map((protocol) => ({ min, max, family, protocol }))),
  );
  // A filter priority belongs to one protocol family.
  return combinations.map(({ min, max, family, protocol }) => [
    ...['protocol', family, 'prio', family === 'ip' ? '10' : '11', 'flower'],
    ...['ip_proto', protocol, side, min === max ? String(min) : `${min}-${max}`],
  ]);
}

/** The interfaces behind the routes of `ip route show default`, once each. Loopback is never one of them. */
export function defaultInterfaces(routes: string): string[] {
  const found = Array.from(routes.matchAll(/\bdev (\S+)/gu), ([, dev]) => dev ?? '');
  return [...new Set(found)].filter((dev) => dev !== '' && dev !== 'lo');
}
