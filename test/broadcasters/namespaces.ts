import { messageOf } from '@potluck/kernel';
import { runProgram } from '../../packages/server/src/throttle/run.ts';

/** Two network namespaces of a test, with a wire between them: the machine's own network is not touched. */
export type Namespaces = AsyncDisposable & {
  /** Runs a program in the first, whose default route leads to the second. */
  within(command: readonly string[]): Promise<string>;
  readonly inside: { readonly name: string; readonly address: string };
  readonly outside: { readonly name: string; readonly address: string };
};

export async function openNamespaces(prefix: string): Promise<Namespaces> {
  const inside = { name: `${prefix}-a`, address: '192.0.2.1' };
  const outside = { name: `${prefix}-b`, address: '192.0.2.2' };
  const ip = (line: string) => runProgram(['ip', ...line.split(' ')]);
  const within = (command: readonly string[]) => runProgram(['ip', 'netns', 'exec', inside.name, ...command]);
  const remove = async () => {
    for (const { name } of [inside, outside]) await ip(`netns del ${name}`).catch(() => {});
  };
  await remove();
  try {
    await ip(`netns add ${inside.name}`);
    await ip(`netns add ${outside.name}`);
    await ip(`link add potluck-v0 netns ${inside.name} type veth peer name potluck-v1 netns ${outside.name}`);
    for (const [{ name, address }, dev] of [
      [inside, 'potluck-v0'],
      [outside, 'potluck-v1'],
    ] as const) {
      // A link-local address that is ready a second later is a change of the network to a browser, which ends what it loads.
      await ip(`-n ${name} link set ${dev} addrgenmode none`).catch(() => {});
      for (const line of ['link set lo up', `link set ${dev} up`, `addr add ${address}/24 dev ${dev}`])
        await ip(`-n ${name} ${line}`);
    }
    await ip(`-n ${inside.name} route add default via ${outside.address}`);
  } catch (error) {
    await remove();
    throw error;
  }
  return { within, inside, outside, [Symbol.asyncDispose]: remove };
}

/** Why these steps are not possible here, or false. */
export async function whyNot(steps: readonly string[]): Promise<string | false> {
  try {
    await using namespaces = await openNamespaces('potluck-try');
    for (const step of steps) await namespaces.within(step.split(' '));
    return false;
  } catch (error) {
    return `not possible here: ${messageOf(error)}`;
  }
}

/** What limits of the rate need of a kernel. */
export const rateSteps = [
  'ip link add potluck-in type ifb',
  'tc qdisc add dev potluck-v0 root handle 1: htb',
  'tc qdisc add dev potluck-v0 handle ffff: ingress',
  'tc filter add dev potluck-v0 parent ffff: protocol ip prio 10 u32 match ip dport 1 0xffff action mirred egress redirect dev potluck-in',
] as const;
/** What delay and loss need. */
export const delaySteps = ['tc qdisc add dev potluck-in root netem delay 1ms'] as const;
