import { ArrowRight, Clock3, Plus, X } from 'lucide-react';
import { createContext, use, useCallback, useState, type SubmitEvent } from 'react';
import { useLanguage, useText } from '../i18n/text.tsx';
import { languages } from '../i18n/languages.ts';
import { goTo } from '../routes/location.ts';
import { ownRoomPath, roomIdOf, roomLink } from '../routes/launch.ts';
import { newRoomId } from '../routes/room-name.ts';
import { forgetRoom, recentRooms } from '../state/recent.ts';
import { useStore } from '../state/use-store.ts';
import { AppHeader } from '../ui/app-header.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { ago } from './ago.ts';
import { TableArt } from './table-art.tsx';
import './home.css';

/** Opens a room with the invitation that the visitor came with. */
const OpenRoom = createContext<(roomId: string) => void>(() => {});

export function Home({ token }: { token: string | undefined }) {
  const { app, home } = useText();
  const openRoom = useCallback((roomId: string) => goTo(ownRoomPath(roomId, token)), [token]);
  return (
    <OpenRoom value={openRoom}>
      <div className="home">
        <AppHeader />
        <main className="home-main">
          <section className="home-words">
            <p className="home-tagline">{app.tagline}</p>
            <h1>{home.title}</h1>
            <p className="home-lead">{home.lead}</p>
            <div className="home-start">
              <Button
                tone="primary"
                size="large"
                icon={<Plus size={20} />}
                onPress={() => openRoom(newRoomId())}
                testId="new-meeting"
              >
                {home.newMeeting}
              </Button>
              <span className="home-or">{home.or}</span>
              <EnterForm />
            </div>
            <RecentRooms />
          </section>
          <TableArt />
        </main>
      </div>
    </OpenRoom>
  );
}

function EnterForm() {
  const openRoom = use(OpenRoom);
  const { home } = useText();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string>();
  const enter = (event: SubmitEvent) => {
    event.preventDefault();
    if (typed.trim() === '') return;
    const roomId = roomIdOf(typed);
    if (roomId === undefined) setError(home.badLink);
    else openRoom(roomId);
  };
  const change = (text: string) => {
    setTyped(text);
    setError(undefined);
  };
  return (
    <form className="enter" onSubmit={enter}>
      <Field
        label={home.roomLabel}
        labelHidden
        placeholder={home.roomPlaceholder}
        value={typed}
        onChange={change}
        error={error}
        autoComplete="off"
        testId="room-input"
      />
      <Button type="submit" size="large" isDisabled={typed.trim() === ''} testId="enter-room">
        {home.enter}
      </Button>
    </form>
  );
}

function RecentRooms() {
  const openRoom = use(OpenRoom);
  const { home } = useText();
  const { tag } = languages[useLanguage()];
  const rooms = useStore(recentRooms);
  const [now] = useState(() => Date.now());
  if (rooms.length === 0) return null;
  return (
    <section className="recent" aria-labelledby="recent-title">
      <h2 id="recent-title">
        <Clock3 size={16} aria-hidden="true" />
        {home.recent}
      </h2>
      <ul>
        {rooms.map(({ roomId, at }) => (
          <li key={roomId}>
            <a
              href={roomLink(roomId, '')}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                openRoom(roomId);
              }}
            >
              <span className="recent-name">{roomId}</span>
              <span className="recent-when">{ago(now - at, tag)}</span>
              <ArrowRight size={16} aria-hidden="true" />
            </a>
            <IconButton label={home.forget(roomId)} icon={<X size={16} />} onPress={() => forgetRoom(roomId)} />
          </li>
        ))}
      </ul>
    </section>
  );
}
