import { newId } from '@potluck/kernel';
import { chatTextMax, type PeerId } from '@potluck/protocol';
import { isJoined, type JoinedMember } from './member.ts';
import { postChat } from './presence.ts';
import type { DataPublication } from './publication.ts';
import type { Room } from './room.ts';

/**
 * What the server itself says and hears on data channels: the bot, which answers on its channel, and the chat of v3
 * clients, which is a data channel for them and notices for our own. Both ways meet in the room's one chat.
 */

/** WebRTC String (RFC 8831 §8). */
const ppidString = 51;
/** The original bot's message size; longer answers are cut. */
const botMaxBytes = 512;

/** Attaches bot and chat to a room. Everything ends with the room. */
export function attachServerData(room: Room): void {
  const relays = new Map<PeerId, Promise<DataPublication | undefined>>();
  const bot = openServerPublication(room, undefined, 'bot');
  const forget = [
    room.events.on('dataPublished', ({ id, label, peerId, to }) => {
      const tapped = to === undefined && (label === 'bot' || label === 'chat');
      if (tapped && peerId !== undefined) room.tasks.spawn('listen to data producer', room.media.listenData(id));
    }),
    room.media.events.on('dataReceived', ({ dataProducerId, message, ppid }) => {
      const publication = room.dataPublications.get(dataProducerId);
      const sender = publication?.peerId === undefined ? undefined : room.members.get(publication.peerId);
      if (publication === undefined || sender === undefined || !isJoined(sender)) return;
      if (ppid !== ppidString) {
        if (publication.label === 'bot') room.log.warn('bot got a message that is not text', { ppid });
        return;
      }
      const text = new TextDecoder().decode(message);
      if (publication.label === 'bot') room.tasks.spawn('bot answers', answer(room, bot, sender, text));
      if (publication.label === 'chat') hearChat(room, sender, text);
    }),
    room.events.on('memberJoined', () => openRelays(room, relays)),
    room.events.on('memberLeft', (peerId) => {
      const relay = relays.get(peerId);
      relays.delete(peerId);
      if (relay !== undefined) room.tasks.spawn('close chat relay', closeRelay(room, relay));
    }),
    room.events.on('chatPosted', (message) => {
      const relay = relays.get(message.peerId);
      if (relay !== undefined) room.tasks.spawn('relay chat', relayChat(room, relay, message.text));
    }),
    // v3 clients know no files; that there is one they read like anything else that is said.
    room.files.events.on('offered', ({ peerId, name, size }) => {
      const relay = relays.get(peerId);
      const text = `📎 ${name} (${sizeInWords(size)}). Open this room in Potluck to get it.`;
      if (relay !== undefined) room.tasks.spawn('relay file', relayChat(room, relay, text));
    }),
  ];
  room.scope.add(() => forget.forEach((off) => off()));
}

async function answer(
  room: Room,
  bot: Promise<DataPublication | undefined>,
  sender: JoinedMember,
  text: string,
): Promise<void> {
  const publication = await bot;
  if (publication === undefined) return;
  const reply = Buffer.from(`${sender.state.profile.displayName ?? sender.id} said me: "${text}"`);
  room.media.sendData(publication.id, reply.subarray(0, botMaxBytes).toString());
}

/** A v3 client said something on its chat channel; v3 peers have heard it directly, our own hear it by notice. */
function hearChat(room: Room, sender: JoinedMember, text: string): void {
  const trimmed = text.trim().slice(0, chatTextMax);
  if (trimmed !== '') postChat(room, sender, newId(), trimmed);
}

/** v3 clients hear our own clients through a data channel a speaker, opened while both kinds are in the room. */
function openRelays(room: Room, relays: Map<PeerId, Promise<DataPublication | undefined>>): void {
  const members = room.joined();
  if (!members.some(({ reception }) => reception !== undefined && !reception.chatByNotice)) return;
  for (const { id, reception } of members) {
    if (reception?.chatByNotice === true && !relays.has(id)) relays.set(id, openServerPublication(room, id, 'chat'));
  }
}

async function closeRelay(room: Room, relay: Promise<DataPublication | undefined>): Promise<void> {
  const publication = await relay;
  if (publication === undefined || !room.dataPublications.delete(publication.id)) return;
  room.media.closeDataProducer(publication.id);
  room.pokeAll();
}

async function relayChat(room: Room, relay: Promise<DataPublication | undefined>, text: string): Promise<void> {
  const publication = await relay;
  if (publication !== undefined && !room.closed) room.media.sendData(publication.id, text);
}

const sizeInWords = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

/** Opens a channel of the server itself. `undefined` if the media failed: the room lives without it. */
async function openServerPublication(
  room: Room,
  peerId: PeerId | undefined,
  label: string,
): Promise<DataPublication | undefined> {
  try {
    const id = await room.media.openServerData({ label, protocol: '' });
    if (room.closed) return undefined;
    const publication: DataPublication = { id, peerId, transportId: undefined, label, protocol: '', appData: {} };
    room.dataPublications.set(id, publication);
    room.pokeAll();
    return publication;
  } catch (error) {
    if (!room.closed) room.log.warn('could not open a server data channel', { label, error });
    return undefined;
  }
}
