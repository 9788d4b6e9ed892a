import { fakeRtpCapabilities, fakeRtpParameters, settle, socketPair, type FakeSocket } from '@potluck/testkit';
import { ConnectionQuery, noGrant } from '@potluck/protocol';
import { enterOwn, startSessions } from '../../packages/server/src/session/testing.ts';
import { textOf, type Door } from './evolve.ts';

/** One step of a client: `ask` a request, `say` any text, `cut` the socket, `return` with a number of frames seen, `wait`. */
type Step = readonly [kind: string, ...rest: unknown[]];

const ask = (method: string, data: object = {}): Step => ['ask', method, data];
const enter = ask('enter', {
  displayName: 'Eve',
  rtpCapabilities: fakeRtpCapabilities,
  sctpCapabilities: true,
  firstVideos: 9,
});
const produce = (kind: 'audio' | 'video', source: string) =>
  ask('produce', { transportId: '@send', kind, rtpParameters: fakeRtpParameters(kind), appData: { source } });
const sctpStreamParameters = { streamId: 1, ordered: false, maxRetransmits: 2 };
const conversations: readonly (readonly Step[])[] = [
  [
    enter,
    produce('audio', 'microphone'),
    ask('pauseProducer', { producerId: '@producer' }),
    ['cut'],
    ['return', 3, true],
  ],
  [
    enter,
    produce('video', 'camera'),
    ['cut'],
    ['wait', 5_000],
    ['return', 0, true],
    ask('closeProducer', { producerId: '@producer' }),
  ],
  [enter, ['cut'], ['return', 1e9, true], ['cut'], ['return', 2, false], enter],
  [
    enter,
    ask('resumeConsumers', { consumerIds: ['@consumer'] }),
    ask('requestConsumerKeyFrame', { consumerId: '@consumer' }),
  ],
  [enter, ask('setView', { video: [{ producerId: '@theirs', width: 320, height: 180 }] }), ['wait', 1_000]],
  [enter, ask('setConsumerPreferredLayers', { consumerId: '@consumer', spatialLayer: 1, temporalLayer: 1 })],
  [
    enter,
    ask('setConsumerPriority', { consumerId: '@consumer', priority: 3 }),
    ask('pauseConsumer', { consumerId: '@consumer' }),
  ],
  [
    enter,
    ask('sendChat', { id: 'm1', text: 'hello' }),
    ask('sendReaction', { emoji: '👍' }),
    ask('setHandRaised', { raised: true }),
  ],
  [enter, ask('produceData', { transportId: '@send', sctpStreamParameters, label: 'x', protocol: 'y', appData: {} })],
  [
    enter,
    ask('changeDisplayName', { displayName: 'Mallory' }),
    ask('setLocked', { locked: true }),
    ask('setPassword', { password: 'p' }),
  ],
  [
    enter,
    ask('kick', { peerId: 'ann' }),
    ask('ban', { peerId: 'ann' }),
    ask('setRole', { peerId: 'ann', role: 'viewer' }),
    ask('endRoom'),
  ],
  [
    enter,
    ask('muteParticipant', { peerId: 'ann', source: 'camera' }),
    ask('setPermission', { peerId: 'ann', permission: 'chat', allowed: false }),
  ],
  [
    enter,
    ask('getTransportStats', { transportId: '@send' }),
    ask('getProducerStats', { producerId: '@producer' }),
    ask('leave'),
  ],
  [
    ask('createWebRtcTransport', { producing: true, sctpCapabilities: { numStreams: { OS: 1024, MIS: 1024 } } }),
    ask('restartIce', { transportId: '@receive' }),
  ],
  [
    ask('join', { displayName: 'Eve', device: { flag: 'chrome' }, rtpCapabilities: fakeRtpCapabilities }),
    ask('closeTransport', { transportId: '@send' }),
  ],
  [
    ['say', '{"ack":1}'],
    ['say', '{"seq":1,"ack":0,"request":true,"id":1,"method":"getRouterRtpCapabilities"}'],
    ['say', '{"response":true,"id":1,"ok":true}'],
    ['close', 1001],
  ],
];

/** A whole session of our own dialect over media in memory, with somebody else in the room; sockets come and go. */
export function conversationDoor(): Door {
  return {
    name: 'conversations',
    batch: 50,
    seeds: conversations.map((steps) => JSON.stringify(steps)),
    async run(text) {
      const steps = stepsOf(text);
      if (steps.length === 0) return;
      const { sessions, registry, clock, open } = startSessions('open');
      const { producerId: theirs } = await enterOwn(await open('ann', 'potluck'), 'Ann');
      const eve = new Eve(theirs);
      const admit = async (query: object) => {
        const { left, right } = socketPair();
        const { data } = ConnectionQuery.safeParse({ roomId: 'r', peerId: 'eve', client: 'potluck', ...query });
        // Refused before there is a socket.
        if (data === undefined) return;
        (await sessions.admit(data, noGrant, '192.0.2.9')).attach(right);
        eve.take(left, right);
        await settle();
      };
      await admit({});
      for (const [kind, one, two] of steps) {
        if (kind === 'ask') eve.ask(textOf(one), two);
        else if (kind === 'say') eve.say(textOf(one));
        else if (kind === 'cut') eve.end(1006);
        else if (kind === 'close') eve.end(typeof one === 'number' ? one : 1000);
        else if (kind === 'wait') clock.advance(Math.min(100_000, Math.max(0, typeof one === 'number' ? one : 0)));
        else if (kind === 'return' && registry.rooms.size > 0)
          await admit({ ack: textOf(one), resume: two === true ? eve.known('resume') : textOf(two) });
        await settle();
      }
      const { wrong } = eve;
      registry.close('over');
      sessions.close('over');
      if (wrong !== undefined) throw new Error(wrong);
    },
  };
}

function stepsOf(text: string): Step[] {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return [];
    return parsed.filter((step): step is Step => Array.isArray(step) && typeof step[0] === 'string').slice(0, 12);
  } catch {
    return [];
  }
}

/** Writes frames as a client does, and reads what it is told: names in requests stand for ids that it was given. */
class Eve {
  #server: FakeSocket | undefined;
  /** What the server should not have said. */
  wrong: string | undefined;
  readonly #ids: Map<string, string>;
  #sent = 0;

  constructor(theirs: string) {
    this.#ids = new Map([['theirs', theirs]]);
  }

  known(name: string): string {
    return this.#ids.get(name) ?? '';
  }

  /** Both ends of a wire. */
  take(socket: FakeSocket, server: FakeSocket): void {
    this.#server = server;
    socket.events.on('received', (text) => this.#heard(JSON.parse(text) as { [name: string]: unknown }));
  }

  ask(method: string, data: unknown): void {
    this.#sent += 1;
    const filled = JSON.stringify(data ?? null).replaceAll(/"@(\w+)"/gu, (_, name: string) =>
      JSON.stringify(this.known(name)),
    );
    this.say(
      `{"seq":${this.#sent},"ack":0,"request":true,"id":${this.#sent},"method":${JSON.stringify(method)},"data":${filled}}`,
    );
  }

  say(text: string): void {
    this.#server?.deliver(text);
  }

  end(code: number): void {
    this.#server?.drop(code);
  }

  #heard({ response, ok, error, data, method }: { [name: string]: unknown }): void {
    if (response === true && ok !== true && codeOf(error) === 'internal') this.wrong = JSON.stringify(error);
    if (response === true) this.#note('producer', data, 'id');
    if (method === 'welcome') {
      this.#note('resume', data, 'resumeToken');
      this.#note('send', memberOf(data, 'sendTransport'), 'id');
      this.#note('receive', memberOf(data, 'receiveTransport'), 'id');
    }
    if (method === 'consumersOpened') this.#note('consumer', memberOf(memberOf(data, 'consumers'), '0'), 'id');
  }

  #note(name: string, from: unknown, key: string): void {
    const value = memberOf(from, key);
    if (typeof value === 'string') this.#ids.set(name, value);
  }
}

const codeOf = (error: unknown): unknown => memberOf(error, 'code');
const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as { [name: string]: unknown })[name] : undefined;
