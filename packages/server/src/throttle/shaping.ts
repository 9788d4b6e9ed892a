import type { ThrottleOptions } from '../session/services.ts';

/** One change to the machine's network, and what takes it back. */
export type Step = { readonly run: readonly string[]; readonly undo: readonly string[] | undefined };

export type PortRange = { readonly min: number; readonly max: number };

/** Incoming packets can only be delayed on an interface of their own, which they are sent through. */
export const incomingInterface = 'potluck-in';

/** What one direction does to packets. */
type Path = { readonly rate: number; readonly delayMs: number; readonly packetLoss: number };

/** What no limit is, to a queue that needs one. */
const unlimitedKbit = 100_000_000;

/**
 * What shapes the media of this server, and nothing else on the machine: packets from and to its media ports, on the given
 * interfaces. Rates are kbit/s, as the throttle of mediasoup-demo takes them; half of the round trip goes to each direction.
 * Rates need what every kernel has; only delay and loss need netem.
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
    step(['ip', 'link', 'set', 'dev', into, 'up']),
    // All that comes through it is to be shaped.
    step(['tc', 'qdisc', 'add', 'dev', into, 'root', 'handle', '1:', 'htb', 'default', '4']),
    ...pathSteps(into, { rate: downlink, ...both }),
    ...interfaces.flatMap((dev) => [
      {
        // Without a default: what no filter takes goes out as it comes.
        run: ['tc', 'qdisc', 'add', 'dev', dev, 'root', 'handle', '1:', 'htb'],
        undo: ['tc', 'qdisc', 'del', 'dev', dev, 'root'],
      },
      ...pathSteps(dev, { rate: uplink, ...both }),
      ...matches(ports, 'sport').map((match) =>
        step(['tc', 'filter', 'add', 'dev', dev, 'parent', '1:', ...match, 'flowid', '1:4']),
      ),
      {
        run: ['tc', 'qdisc', 'add', 'dev', dev, 'handle', 'ffff:', 'ingress'],
        undo: ['tc', 'qdisc', 'del', 'dev', dev, 'ingress'],
      },
      ...matches(ports, 'dport').map((match) =>
        step([
          ...['tc', 'filter', 'add', 'dev', dev, 'parent', 'ffff:', ...match],
          ...['action', 'mirred', 'egress', 'redirect', 'dev', into],
        ]),
      ),
    ]),
  ];
}

const step = (run: readonly string[]): Step => ({ run, undo: undefined });

function pathSteps(dev: string, path: Path): Step[] {
  const rate = `${path.rate > 0 ? path.rate : unlimitedKbit}kbit`;
  return [
    step(['tc', 'class', 'add', 'dev', dev, 'parent', '1:', 'classid', '1:4', 'htb', 'rate', rate]),
    step(['tc', 'qdisc', 'add', 'dev', dev, 'parent', '1:4', 'handle', '40:', ...queue(path)]),
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

function queue({ rate, delayMs, packetLoss }: Path): string[] {
  if (delayMs === 0 && packetLoss === 0) {
    // A third of a second waits, then packets are dropped, as routers do it.
    const bytes = rate > 0 ? Math.max(16_000, Math.round((rate * 125) / 3)) : 10_000_000;
    return ['bfifo', 'limit', String(Math.min(bytes, 10_000_000))];
  }
  return [
    // The default of 1,000 packets would overflow, and lose, where a long delay meets a high rate.
    ...['netem', 'limit', '20000'],
    ...(delayMs > 0 ? ['delay', `${delayMs}ms`] : []),
    ...(packetLoss > 0 ? ['loss', `${packetLoss}%`] : []),
  ];
}

function matches(ports: readonly PortRange[], side: 'sport' | 'dport'): string[][] {
  const combinations = ports
    .flatMap(portBlocks)
    .flatMap(({ value, mask }) =>
      ['ip', 'ip6'].flatMap((family) => ['17', '6'].map((protocol) => ({ value, mask, family, protocol }))),
    );
  // A filter priority belongs to one protocol family.
  return combinations.map(({ value, mask, family, protocol }) => [
    ...['protocol', family === 'ip' ? 'ip' : 'ipv6', 'prio', family === 'ip' ? '10' : '11', 'u32'],
    ...['match', family, 'protocol', protocol, '0xff'],
    ...['match', family, side, String(value), `0x${mask.toString(16).padStart(4, '0')}`],
  ]);
}

/** A range of ports as blocks that a bit mask can name: u32 filters know no ranges. */
export function portBlocks({ min, max }: PortRange): { readonly value: number; readonly mask: number }[] {
  const blocks = [];
  for (let value = min; value <= max;) {
    let size = 1;
    while (value % (size * 2) === 0 && value + size * 2 - 1 <= max && size < 0x8000) size *= 2;
    blocks.push({ value, mask: 0x1_0000 - size });
    value += size;
  }
  return blocks;
}

/** The interfaces behind the routes of `ip route show default`, once each. Loopback is never one of them. */
export function defaultInterfaces(routes: string): string[] {
  const found = Array.from(routes.matchAll(/\bdev (\S+)/gu), ([, dev]) => dev ?? '');
  return [...new Set(found)].filter((dev) => dev !== '' && dev !== 'lo');
}
