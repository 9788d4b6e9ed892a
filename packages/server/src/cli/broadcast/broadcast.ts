import { AppError } from '@potluck/kernel';
import type { BroadcasterStatus, MediaKind } from '@potluck/protocol';
import { findProgram, startChild, type Child } from './children.ts';
import { ffmpegArguments, progressReader } from './ffmpeg.ts';
import { gstreamerArguments } from './gstreamer.ts';
import { newPeerId, type BroadcastOptions } from './options.ts';
import { probe, type Tracks } from './probe.ts';
import type { Screen } from './program.ts';
import { clock, enterRoom, type Presence } from './presence.ts';
import { ServerApi } from './server-api.ts';
import { repeats, sourceOf, type Source } from './source.ts';
import { newSsrc, payloadTypeOf, rtpParametersOf, type Outlet } from './tracks.ts';

type Tool = { readonly name: 'ffmpeg' | 'gstreamer'; readonly program: string };

/** Sends a source into a room until it ends, `signal` asks, or it can no longer. Leaves nothing behind. */
export async function broadcast(
  options: BroadcastOptions,
  { screen, signal }: { screen: Screen; signal: AbortSignal },
): Promise<void> {
  const source = sourceOf(options.source);
  const tool = chooseTool(options.tool);
  const tracks = await probe(source);
  if (signal.aborted) return;
  const api = new ServerApi(options);
  const name = options.name ?? (source.kind === 'file' ? (source.path.split('/').at(-1) ?? tool.name) : tool.name);
  const presence = await enterRoom(api, options.roomId, { id: newPeerId(tool.name), name, device: tool.name });
  try {
    screen.say(`Sending ${options.source} with ${tool.name} into the room "${options.roomId}" as "${name}"`);
    const loop = !options.once && repeats(source);
    await sendAll({ presence, source, tool, tracks, loop }, { screen, signal });
  } finally {
    await presence.leave();
    screen.say('Left the room');
  }
}

function chooseTool(wanted: BroadcastOptions['tool']): Tool {
  const programs = { ffmpeg: 'ffmpeg', gstreamer: 'gst-launch-1.0' } as const;
  const packages = { ffmpeg: 'ffmpeg', gstreamer: 'gstreamer1.0-tools and gstreamer1.0-plugins-good' } as const;
  const names = wanted === undefined ? (['ffmpeg', 'gstreamer'] as const) : [wanted];
  for (const name of names) {
    const program = findProgram(programs[name]);
    if (program !== undefined) return { name, program };
  }
  const how = names.map((name) => `${name} (on Debian or Ubuntu: apt install ${packages[name]})`);
  throw new AppError('unavailable', `${how.join(' or ')} is needed and was not found`);
}

type Job = {
  readonly presence: Presence;
  readonly source: Source;
  readonly tool: Tool;
  readonly tracks: Tracks | undefined;
  readonly loop: boolean;
};

/** Opens the ways in and sends, again and again while the source repeats or the server had to close them. */
async function sendAll(job: Job, context: { screen: Screen; signal: AbortSignal }): Promise<void> {
  const began = performance.now();
  for (;;) {
    const outlets = await openOutlets(job);
    const outcome = await sendThrough(outlets, job, context, began);
    if (outcome === 'lost') context.screen.say('The server had to close our transports; sending again');
    else return;
  }
}

async function openOutlets({ presence, tracks }: Job): Promise<Outlet[]> {
  const kinds = (['audio', 'video'] as const).filter((kind) => tracks === undefined || tracks[kind] !== undefined);
  const outlets: Outlet[] = [];
  for (const kind of kinds) outlets.push(await openOutlet(presence, kind, tracks?.[kind]?.copy ?? false));
  return outlets;
}

async function openOutlet(presence: Presence, kind: MediaKind, copy: boolean): Promise<Outlet> {
  const { id, ip, port, rtcpPort = port + 1 } = await presence.openPlainTransport({ rtcpMux: false });
  const ssrc = newSsrc();
  await presence.produce(id, kind, rtpParametersOf(kind, ssrc));
  return { kind, ip, port, rtcpPort, ssrc, payloadType: payloadTypeOf(kind), copy };
}

type Outcome = 'ended' | 'lost';

async function sendThrough(
  outlets: readonly Outlet[],
  job: Job,
  { screen, signal }: { screen: Screen; signal: AbortSignal },
  began: number,
): Promise<Outcome> {
  const stop = new AbortController();
  const shown = { seconds: 0, speed: undefined as number | undefined };
  const show = (status: BroadcasterStatus, bitrate: number) =>
    screen.progress(progressLine(status, bitrate, shown.seconds || (performance.now() - began) / 1000, shown.speed));
  const watching = job.presence.watch(AbortSignal.any([signal, stop.signal]), show);
  let child: Child | undefined;
  try {
    for (;;) {
      child = startTool(outlets, job, (performance.now() - began) / 1000, (progress) => Object.assign(shown, progress));
      const first = await Promise.race([child.ended, watching]);
      if (first === 'stopped') return 'ended';
      if (first === 'lost') return 'lost';
      if (first.code !== 0) throw toolFailed(job.tool, first.said, first.code, first.signal);
      if (!job.loop || signal.aborted) return 'ended';
    }
  } finally {
    stop.abort();
    await child?.stop().catch(() => {});
    await watching.catch(() => {});
  }
}

function startTool(
  outlets: readonly Outlet[],
  { tool, source, loop }: Job,
  startedAt: number,
  onProgress: (progress: { seconds: number; speed: number | undefined }) => void,
): Child {
  if (tool.name === 'gstreamer') return startChild(tool.program, gstreamerArguments(source, outlets, startedAt));
  return startChild(tool.program, ffmpegArguments(source, outlets, { loop }), progressReader(onProgress));
}

function toolFailed(tool: Tool, said: string, code: number | null, signal: string | null): AppError {
  const how = signal === null ? `code ${code}` : signal;
  return new AppError(
    'internal',
    `${tool.name} ended unexpectedly (${how})${said === '' ? '' : `:\n  ${said.replaceAll('\n', '\n  ')}`}`,
  );
}

function progressLine(status: BroadcasterStatus, bitrate: number, seconds: number, speed: number | undefined): string {
  const peers = status.participants.filter(({ kind }) => kind === 'peer').length;
  return [
    clock(seconds),
    `${Math.round(bitrate / 1000)} kbit/s`,
    ...(speed === undefined ? [] : [`${speed.toFixed(2)}x`]),
    `${peers} ${peers === 1 ? 'peer' : 'peers'}`,
  ].join('  ');
}
