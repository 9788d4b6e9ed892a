import '../styles/index.css';
import { createRoot } from 'react-dom/client';
import { CallView } from '../call/call-view.tsx';
import { Ended } from '../call/ended.tsx';
import { PasswordPrompt } from '../call/password-prompt.tsx';
import type { CallUi } from '../call/ui.ts';
import { TextProvider } from '../i18n/text.tsx';
import { isLanguage } from '../i18n/languages.ts';
import { Home } from '../home/home.tsx';
import { prefer } from '../state/preferences.ts';
import { Preview } from '../preview/preview.tsx';
import { recentRooms } from '../state/recent.ts';
import { showBareTiles } from './bare-tiles.ts';
import { bustle } from './fake-bustle.ts';
import { fakeDevices } from './fake-devices.ts';
import { fakeRoom } from './fake-room.ts';

/** Every screen without a server, for looking at: `/scenes.html?scene=call&people=9&theme=dark&lang=zh`. Never built. */
const query = new URLSearchParams(window.location.search);
const scene = query.get('scene') ?? 'call';
const number = (name: string, fallback: number) => Number(query.get(name) ?? fallback);
const language = query.get('lang');
prefer({
  displayName: query.get('name') ?? 'Mara',
  language: isLanguage(language) ? language : 'en',
  backgroundBlur: query.has('blur'),
});
const look = (theme: string) => (document.documentElement.dataset['theme'] = theme);
look(query.get('theme') ?? 'light');
/** Shows the scene that is there in other words and colours. */
Object.assign(window, {
  restyle: (other: string, theme: string) => {
    if (isLanguage(other)) prefer({ language: other });
    look(theme);
  },
});

fakeDevices(query.has('refused'));
if (scene === 'home' && query.has('recent')) {
  const hours = (count: number) => Date.now() - count * 3_600_000;
  recentRooms.set([
    { roomId: 'toasted-fennel-k7m2qa', at: hours(0.2) },
    { roomId: '周一例会', at: hours(26) },
    { roomId: 'the-weekly-meeting-of-all-maintainers', at: hours(200) },
  ]);
}

const nothing = () => {};

/** Brings the room into the state that the address asks for. */
function prepare(room: ReturnType<typeof fakeRoom>): void {
  const connection = query.get('connection');
  if (connection === 'lost')
    room.change({ connection: { kind: 'reconnecting', what: 'signalling', attempt: 2, since: 0 } });
  if (connection === 'joining') room.change({ connection: { kind: 'joining' } });
  if (connection === 'lobby') room.change({ connection: { kind: 'joining', inLobby: true } });
  const { me } = room.state;
  if (query.has('muted'))
    room.change({
      me: { ...me, microphone: { kind: 'failed', error: { code: 'busy', message: '' } }, camera: { kind: 'off' } },
    });
  if (query.has('waiting'))
    room.change({
      lobby: [
        { peerId: 'wait1', displayName: 'Sam Okafor', since: 0 },
        { peerId: 'wait2', displayName: '陈晨', since: 0 },
      ],
    });
}

/** What happens in the room once it is on screen. */
function happen(room: ReturnType<typeof fakeRoom>): void {
  const peer = (index: number) => room.state.participants[index]!;
  if (query.has('notices')) {
    for (const index of [0, 2, 3, 4]) room.events.emit('participantJoined', peer(index));
    room.events.emit('participantLeft', peer(1));
    room.events.emit('unmuteAsked', { by: peer(0).id, source: 'microphone' });
    room.events.emit('chatReceived', {
      id: 'late',
      peerId: peer(2).id,
      displayName: peer(2).displayName,
      text: 'Could you show the second page again? The numbers on it do not match those that I have here in the table of last week.',
      sentAt: Date.now(),
    });
  }
  if (query.has('moderated')) {
    room.events.emit('mutedByModerator', { by: peer(0).id, source: 'microphone' });
    room.events.emit('unmuteAsked', { by: peer(0).id, source: 'microphone' });
    const { me } = room.state;
    room.change({
      me: { ...me, role: 'cohost' },
      lobby: [...room.state.lobby, { peerId: 'wait3', displayName: 'Yusuf Demir', since: 0 }],
    });
  }
  if (query.has('reactions'))
    ['🎉', '👏', '❤️'].forEach((emoji, index) => room.events.emit('reactionShown', { peerId: peer(index).id, emoji }));
}

function ofThese<T extends string>(text: string | null, all: readonly T[]): T | undefined {
  return all.find((one) => one === text);
}

function Scene() {
  if (scene === 'home') return <Home token={undefined} />;
  if (scene === 'preview') return <Preview roomId="toasted-fennel-k7m2qa" onJoin={nothing} />;
  if (scene === 'password') return <PasswordPrompt wrong={query.has('wrong')} onEnter={nothing} />;
  if (scene === 'ended')
    return (
      <Ended
        reason={(query.get('reason') ?? 'left') as 'left'}
        message={query.get('message') ?? ''}
        onRejoin={nothing}
        onBack={nothing}
      />
    );
  const room = fakeRoom({
    people: number('people', 5),
    cameras: query.get('cameras') !== 'off',
    screens: number('screens', 0),
    chat: query.get('chat') !== 'off',
    banned: query.has('banned'),
    files: ofThese(query.get('files'), ['theirs', 'own'] as const),
    locked: ofThese(query.get('locked'), ['all', 'one'] as const),
    moving: query.has('moving'),
    empty: query.has('empty'),
    bad: query.has('bad'),
    generated: query.has('generated'),
  });
  prepare(room);
  if (query.has('bustle')) bustle(room);
  const startUi = Object.fromEntries(
    [...query].filter(([name]) => ['panel', 'dialog', 'mode'].includes(name)),
  ) as Partial<CallUi>;
  const pinned = query.getAll('pin');
  Object.assign(window, { fake: room, happen: () => happen(room) });
  const options = {
    info: false,
    faceDetection: false,
    ...(query.has('encrypted') && { e2eKey: 'soup' }),
    ...(query.has('throttle') && { throttleSecret: 'soup' }),
  };
  return (
    <CallView
      room={room}
      roomId="toasted-fennel-k7m2qa"
      startUi={{ ...startUi, pinned }}
      options={options}
      onRejoin={nothing}
      onBack={nothing}
    />
  );
}

if (scene === 'bare') showBareTiles(number('people', 49));
else
  createRoot(document.getElementById('root')!).render(
    <TextProvider>
      <Scene />
    </TextProvider>,
  );
