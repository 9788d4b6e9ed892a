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
import { fakeRoom } from './fake-room.ts';

/** Every screen without a server, for looking at: `/scenes.html?scene=call&people=9&theme=dark&lang=zh`. Never built. */
const query = new URLSearchParams(window.location.search);
const number = (name: string, fallback: number) => Number(query.get(name) ?? fallback);
const language = query.get('lang');
prefer({ displayName: query.get('name') ?? 'Mara', language: isLanguage(language) ? language : 'en' });
document.documentElement.dataset['theme'] = query.get('theme') ?? 'light';

const nothing = () => {};

function Scene() {
  const scene = query.get('scene') ?? 'call';
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
    moving: query.has('moving'),
    empty: query.has('empty'),
  });
  if (query.has('lost'))
    room.change({ connection: { kind: 'reconnecting', what: 'signalling', attempt: 2, since: 0 } });
  const startUi = Object.fromEntries(
    [...query].filter(([name]) => ['panel', 'dialog', 'mode'].includes(name)),
  ) as Partial<CallUi>;
  Object.assign(window, { fake: room });
  return <CallView room={room} roomId="toasted-fennel-k7m2qa" startUi={startUi} onRejoin={nothing} onBack={nothing} />;
}

createRoot(document.getElementById('root')!).render(
  <TextProvider>
    <Scene />
  </TextProvider>,
);
