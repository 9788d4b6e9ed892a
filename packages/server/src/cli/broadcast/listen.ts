import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '@potluck/kernel';
import type { BroadcasterStatus, MediaKind, ProducerId, RtpCapabilities } from '@potluck/protocol';
import { findProgram, startChild, type Child } from './children.ts';
import { codingFor, readable } from './container.ts';
import { progressReader, type FfmpegProgress } from './ffmpeg.ts';
import { newPeerId, type ListenOptions } from './options.ts';
import { clock, enterRoom, type Presence } from './presence.ts';
import type { Screen } from './program.ts';
import { freePortPair, listening, openRelay, type Relay } from './relay.ts';
import { sessionDescription, type Inlet } from './sdp.ts';
import { ServerApi } from './server-api.ts';

type Context = { readonly screen: Screen; readonly signal: AbortSignal };
type Chosen = { readonly peer: string; readonly tracks: { readonly kind: MediaKind; readonly id: ProducerId }[] };

/** Writes what somebody sends into a file, until it ends, `signal` asks, or the time is over. */
export async function listen(options: ListenOptions, { screen, signal }: Context): Promise<void> {
  const program = findProgram('ffmpeg');
  if (program === undefined) {
    throw new AppError('unavailable', 'ffmpeg is needed and was not found (on Debian or Ubuntu: apt install ffmpeg)');
  }
  const api = new ServerApi(options);
  const { roomId, name } = options;
  const rtpCapabilities = receivable(await api.call('getRoom', { params: { roomId } }));
  const presence = await enterRoom(api, roomId, { id: newPeerId('listen'), name, device: 'ffmpeg', rtpCapabilities });
  const folder = await mkdtemp(join(tmpdir(), 'potluck-listen-'));
  try {
    const chosen = await choose(presence, options, { screen, signal });
    if (chosen === undefined) return;
    screen.say(`Writing ${chosen.tracks.map(({ kind }) => kind).join(' and ')} of ${chosen.peer} to ${options.out}`);
    await record({ program, presence, chosen, folder, options }, { screen, signal });
  } finally {
    await presence.leave();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the room has and ffmpeg can read from RTP, without retransmission and extensions. */
function receivable({ codecs = [] }: RtpCapabilities): RtpCapabilities {
  const feedback = ['nack', 'ccm'];
  return {
    codecs: codecs
      .filter(({ mimeType }) => readable(mimeType))
      .map((codec) => ({
        ...codec,
        rtcpFeedback: (codec.rtcpFeedback ?? []).filter(
          ({ type, parameter }) => feedback.includes(type) && (parameter ?? '') !== '',
        ),
      })),
    headerExtensions: [],
  };
}

/** How long to wait for the second track once the first is there. */
const secondTrackMs = 3_000;

/** Waits for the wanted participant to send. `undefined` when asked to end meanwhile. */
async function choose(presence: Presence, { peer }: ListenOptions, context: Context): Promise<Chosen | undefined> {
  const { screen, signal } = context;
  const stop = new AbortController();
  let found: Chosen | undefined;
  let foundAt = Infinity;
  let told = false;
  const outcome = await presence.watch(AbortSignal.any([signal, stop.signal]), (status) => {
    found = pick(status, peer);
    if (found === undefined) {
      foundAt = Infinity;
      if (!told) screen.say(waitingFor(status, peer));
      told = true;
      return;
    }
    foundAt = Math.min(foundAt, performance.now());
    if (found.tracks.length === 2 || performance.now() - foundAt >= secondTrackMs) stop.abort();
  });
  return outcome === 'stopped' && !signal.aborted ? found : undefined;
}

function pick({ participants }: BroadcasterStatus, wanted: string | undefined): Chosen | undefined {
  const sending = participants.filter(({ producers }) => producers.length > 0);
  const one =
    wanted === undefined
      ? sending[0]
      : (sending.find(({ id }) => id === wanted) ?? sending.find(({ displayName }) => displayName === wanted));
  if (one === undefined) return undefined;
  // Somebody may show a screen too: the person comes first.
  const rank = { microphone: 0, camera: 0, other: 1, screen: 2, 'screen-audio': 2 };
  const best = (kind: MediaKind) =>
    one.producers.filter((producer) => producer.kind === kind).toSorted((a, b) => rank[a.source] - rank[b.source])[0];
  const tracks = [best('audio'), best('video')].filter((track) => track !== undefined);
  return { peer: one.displayName ?? one.id, tracks };
}

function waitingFor({ participants }: BroadcasterStatus, wanted: string | undefined): string {
  const names = participants.map(({ id, displayName }) => (displayName ? `${displayName} (${id})` : id));
  const there = names.length === 0 ? 'nobody is in the room' : `in the room: ${names.join(', ')}`;
  return `Waiting for ${wanted ?? 'somebody'} to send; ${there}`;
}

type Job = {
  readonly program: string;
  readonly presence: Presence;
  readonly chosen: Chosen;
  readonly folder: string;
  readonly options: ListenOptions;
};

const startWithinMs = 15_000;
/** For a sign of progress. */
const finishWithinMs = 4_000;

async function record(job: Job, { screen, signal }: Context): Promise<void> {
  const { program, presence, chosen, folder, options } = job;
  const inlets: (Inlet & { ip: string; farPort: number; ssrc: number })[] = [];
  for (const { kind, id } of chosen.tracks) {
    const transport = await presence.openPlainTransport({ rtcpMux: true });
    const { rtpParameters } = await presence.consume(transport.id, id);
    const ssrc = rtpParameters.encodings?.[0]?.ssrc ?? 0;
    inlets.push({ kind, port: await freePortPair(), rtpParameters, ip: transport.ip, farPort: transport.port, ssrc });
  }
  const description = join(folder, 'session.sdp');
  await writeFile(description, sessionDescription(inlets));

  const progress: FfmpegProgress = { seconds: 0, speed: undefined, frames: 0 };
  const mimeTypes = inlets.map(({ rtpParameters }) => rtpParameters.codecs[0]?.mimeType ?? '');
  const child = startChild(
    program,
    recorderArguments(description, resolve(options.out), codingFor(options.out, mimeTypes)),
    progressReader((next) => Object.assign(progress, next)),
  );
  const relays: Relay[] = [];
  const stop = new AbortController();
  try {
    const ready = Promise.all(inlets.map(({ port }) => listening(port, { withinMs: startWithinMs })));
    await Promise.race([ready, child.ended.then(({ said }) => Promise.reject(recorderFailed(said)))]);
    for (const { kind, ip, farPort, port, ssrc } of inlets) {
      relays.push(await openRelay({ ip, port: farPort, localPort: port, mediaSsrc: ssrc, kind }));
    }
    await watchRecording({ child, relays, progress, job }, { screen, signal: AbortSignal.any([signal, stop.signal]) });
  } finally {
    stop.abort();
    for (const relay of relays) relay.finish();
    await finished(child, progress);
    for (const relay of relays) relay.close();
  }
  const bytes = relays.reduce((sum, relay) => sum + relay.bytes, 0);
  if (bytes === 0) throw new AppError('timeout', `${chosen.peer} sent nothing, so there is no file`);
  const lost = relays.reduce((sum, relay) => sum + relay.lost, 0);
  screen.say(`Wrote ${options.out}${lost > 0 ? `; ${lost} packets were lost on the way` : ''}`);
}

/** What came is written to its end, however long that takes where it is coded anew; only a program that stands still is ended. */
async function finished(child: Child, progress: FfmpegProgress): Promise<void> {
  const end = child.ended.then(
    () => 'ended' as const,
    () => 'ended' as const,
  );
  for (let before = -1; before !== progress.seconds;) {
    before = progress.seconds;
    if ((await Promise.race([end, wait(finishWithinMs)])) === 'ended') return;
  }
  await child.stop();
}

const lookEveryMs = 100;

/** Until the time is over, the sender stops, or `signal` asks. Time counts from the first packet. */
async function watchRecording(
  { child, relays, progress, job }: { child: Child; relays: readonly Relay[]; progress: FfmpegProgress; job: Job },
  { screen, signal }: Context,
): Promise<void> {
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  const { seconds } = job.options;
  const watching = job.presence.watch(both, (status, bitrate) => {
    screen.progress(`${clock(progress.seconds)}  ${Math.round(bitrate / 1000)} kbit/s`);
    if (status.consumers.length < relays.length) {
      screen.say(`${job.chosen.peer} stopped sending`);
      over.abort();
    }
  });
  const timing = (async () => {
    let firstAt: number | undefined;
    while (!both.aborted) {
      if (firstAt === undefined && relays.some(({ packets }) => packets > 0)) firstAt = performance.now();
      if (progress.frames === 0) for (const relay of relays) if (relay.packets > 0) relay.askForKeyFrame();
      if (seconds !== undefined && firstAt !== undefined && performance.now() - firstAt >= seconds * 1000) break;
      await wait(lookEveryMs, undefined, { signal: both }).catch(() => {});
    }
  })();
  try {
    const first = await Promise.race([child.ended, watching, timing]);
    if (first === 'lost') screen.say('The server had to close our transports; the file ends here');
    else if (typeof first === 'object') throw recorderFailed(first.said);
  } finally {
    over.abort();
    await Promise.allSettled([watching, timing]);
  }
}

const recorderFailed = (said: string): AppError =>
  new AppError('internal', `ffmpeg ended unexpectedly${said === '' ? '' : `:\n  ${said.replaceAll('\n', '\n  ')}`}`);

function recorderArguments(description: string, out: string, coding: readonly string[]): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-stats_period', '0.5', '-progress', 'pipe:1'],
    // It must have seen a key frame before it can begin a file with video.
    ...['-protocol_whitelist', 'file,udp,rtp', '-analyzeduration', '10M', '-probesize', '20M', '-fpsprobesize', '0'],
    ...['-reorder_queue_size', '500', '-max_delay', '500000', '-f', 'sdp', '-i', description],
    ...[...coding, '-y', `file:${out}`],
  ];
}
