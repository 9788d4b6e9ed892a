import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createWorker, type types } from 'mediasoup';
import { mediaCodecs, packetOf, parametersOf, type Kind } from './packets.ts';
import { openSink, type Sink } from './sink.ts';
import { createOpener, keyLength, type Suite } from './srtp.ts';

/** What is measured: so many consumers of one producer, packets of `length` bytes before SRTP, `burst` at a time. */
export type Case = { kind: Kind; consumers: number; suite: Suite; length: number; burst: number };

/** A worker to measure: a binary and its environment. */
export type Variant = { name: string; bin: string; env: Record<string, string> };

const patienceMs = 5_000;

/** Starts a worker of a variant; mediasoup gives it this process's environment. */
export async function startWorker({ bin, env }: Variant): Promise<types.Worker> {
  const before = new Map(Object.keys(env).map((name) => [name, process.env[name]]));
  Object.assign(process.env, env);
  try {
    return await createWorker({ workerBin: bin, logLevel: 'error' });
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** One producer and its consumers in one router, with a sender before it and a sink behind each consumer. */
class Rig {
  readonly #worker: types.Worker;
  readonly #router: types.Router;
  readonly #sender: Socket;
  readonly #port: number;
  readonly #sinks: Sink[];
  readonly #case: Case;
  #index = 0;
  #frame = 0;

  constructor(
    deps: { worker: types.Worker; router: types.Router; sender: Socket; port: number; sinks: Sink[] },
    of: Case,
  ) {
    this.#worker = deps.worker;
    this.#router = deps.router;
    this.#sender = deps.sender;
    this.#port = deps.port;
    this.#sinks = deps.sinks;
    this.#case = of;
  }

  /** Forwards at least `packets` per consumer; answers the worker's CPU per forwarded packet in µs. Throws when one is missing. */
  async run(packets: number): Promise<number> {
    const bursts = Math.ceil(packets / this.#case.burst);
    const before = cpuMicroseconds(this.#worker.pid);
    for (let i = 0; i < bursts; i++) await this.#burst();
    const spent = cpuMicroseconds(this.#worker.pid) - before;
    const fault = this.#sinks.find((sink) => sink.fault !== undefined)?.fault;
    if (fault !== undefined) throw new Error(`what was forwarded is not what was sent: ${fault}`);
    return spent / (bursts * this.#case.burst * this.#case.consumers);
  }

  close(): void {
    this.#router.close();
    this.#sender.close();
    for (const sink of this.#sinks) sink.close();
  }

  /** Sends one burst and waits until every sink has all of it, so that the next one starts from rest. */
  async #burst(): Promise<void> {
    const { kind, length, burst } = this.#case;
    const frame = this.#frame++;
    const arrived = Promise.withResolvers<void>();
    const target = this.#index + burst;
    let missing = this.#sinks.length;
    for (const sink of this.#sinks)
      sink.onPacket = () => sink.received === target && --missing === 0 && arrived.resolve();
    for (let i = 0; i < burst; i++) {
      this.#sender.send(packetOf(kind, this.#index++, frame, length), this.#port, '127.0.0.1');
    }
    const timer = setTimeout(() => arrived.reject(new Error(`${missing} sinks miss packets`)), patienceMs);
    await arrived.promise.finally(() => clearTimeout(timer));
  }
}

export async function openRig(worker: types.Worker, of: Case): Promise<Rig> {
  const router = await worker.createRouter({ mediaCodecs });
  const listenInfo = { protocol: 'udp', ip: '127.0.0.1', recvBufferSize: 1 << 20 } as const;
  const up = await router.createPlainTransport({ listenInfo, rtcpMux: true, comedia: true });
  const producer = await up.produce({ kind: of.kind, rtpParameters: parametersOf(of.kind) });
  const rtpCapabilities = { ...router.rtpCapabilities, headerExtensions: [] };
  const sinks: Sink[] = [];
  for (let i = 0; i < of.consumers; i++) {
    const sink = await openSink(of.kind, of.length);
    const down = await router.createPlainTransport({
      listenInfo,
      rtcpMux: true,
      enableSrtp: true,
      srtpCryptoSuite: of.suite,
    });
    const keyBase64 = randomBytes(keyLength[of.suite]).toString('base64');
    await down.connect({ ip: '127.0.0.1', port: sink.port, srtpParameters: { cryptoSuite: of.suite, keyBase64 } });
    if (!down.srtpParameters) throw new Error('the worker has no SRTP parameters');
    sink.expect(createOpener(of.suite, down.srtpParameters.keyBase64));
    await down.consume({ producerId: producer.id, rtpCapabilities });
    sinks.push(sink);
  }
  const sender = createSocket({ type: 'udp4', sendBufferSize: 1 << 20 });
  sender.bind(0, '127.0.0.1');
  await once(sender, 'listening');
  return new Rig({ worker, router, sender, port: up.tuple.localPort, sinks }, of);
}

/** User and system time of a process (its main thread, where a worker does everything), in µs. */
function cpuMicroseconds(pid: number): number {
  // proc(5): the first figure of schedstat is the time on a CPU in ns.
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000;
}
