import { platform, release } from 'node:os';
import { describePatches, locateWorker, readChoice } from '@potluck/engine';

/** What `potluck engine` tells of the worker that the next start will use. */
export type Description = {
  /** Nothing when there is no worker yet. */
  bin?: string;
  source: 'env' | 'cache' | 'prebuilt' | 'none';
  choice: 'tuned' | 'plain' | 'prebuilt' | 'auto';
  version?: string;
  recipe?: string;
  libsrtp?: 'openssl' | 'distribution';
  patches: { name: string; summary: string }[];
  segmentationOffload: { on: boolean; why: string };
};

/** Throws a SetupError when what is chosen or named cannot be used. */
export function describeEngine(env: NodeJS.ProcessEnv, kernel = `${platform()} ${release()}`): Description {
  const choice = readChoice(env) ?? 'auto';
  const worker = locateWorker({ env });
  if (!worker) return { source: 'none', choice, patches: [], segmentationOffload: { on: false, why: 'no worker yet' } };
  const { bin, source, version, recipe, libsrtp } = worker;
  return {
    bin,
    source,
    choice,
    version,
    ...(recipe !== undefined && { recipe }),
    ...(libsrtp !== undefined && { libsrtp }),
    patches: source === 'cache' ? describePatches() : [],
    segmentationOffload: offload(source, { ...worker.env, ...env }, choice, kernel),
  };
}

function offload(source: Description['source'], env: NodeJS.ProcessEnv, choice: Description['choice'], kernel: string) {
  if (env['MEDIASOUP_UDP_GSO'] === 'off') {
    return { on: false, why: choice === 'plain' ? 'the plain worker is chosen' : 'MEDIASOUP_UDP_GSO=off' };
  }
  if (source === 'env') return { on: false, why: 'not known of a worker that MEDIASOUP_WORKER_BIN names' };
  if (source === 'prebuilt') return { on: false, why: "mediasoup's own build has no such patch" };
  if (!kernelSegments(kernel)) return { on: false, why: `this kernel cannot (${kernel}; Linux 4.18 can)` };
  return { on: true, why: 'built in; off by MEDIASOUP_UDP_GSO=off' };
}

/** UDP_SEGMENT came with Linux 4.18. */
export function kernelSegments(kernel: string): boolean {
  const [, major = 0, minor = 0] = /^linux (\d+)\.(\d+)/.exec(kernel)?.map(Number) ?? [];
  return major > 4 || (major === 4 && minor >= 18);
}

const sources = {
  env: 'named by MEDIASOUP_WORKER_BIN',
  cache: 'built here from source',
  prebuilt: "mediasoup's own download",
  none: 'none yet; type npx potluck engine build',
};

export function toText(of: Description): string {
  const { on, why } = of.segmentationOffload;
  const lines: [string, string | undefined][] = [
    ['worker', of.bin],
    ['source', sources[of.source]],
    ['chosen', of.choice],
    ['mediasoup', of.version],
    ['recipe', of.recipe],
    ['libsrtp', of.libsrtp && (of.libsrtp === 'openssl' ? 'on OpenSSL' : "the distribution's build (slower)")],
    ['UDP segmentation', `${on ? 'on' : 'off'} (${why})`],
    ...of.patches.map(({ name, summary }, i): [string, string] => [i === 0 ? 'patches' : '', `${name}: ${summary}`]),
  ];
  return lines.flatMap(([label, value]) => (value === undefined ? [] : [`${label.padEnd(18)}${value}`])).join('\n');
}
