import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { embedderOf } from './embed/embedder.ts';
import { Ended } from './call/ended.tsx';
import { Home } from './home/home.tsx';
import { TextProvider } from './i18n/text.tsx';
import { Preview, type Prepared } from './preview/preview.tsx';
import { location as place } from './routes/location.ts';
import { parseLaunch, withKeyInFragment, type Launch } from './routes/launch.ts';
import { usePreferences, useStore } from './state/use-store.ts';
import { Waiting } from './ui/waiting.tsx';

const loadCall = async () => ({ default: (await import('./call/call.tsx')).Call });
// Without the code of the call there is no server to call either.
const Call = lazy(() => loadCall().catch(() => ({ default: Unreachable })));
const Unreachable = ({ onBack }: { onBack(): void }) => (
  <Ended reason="unreachable" message="" onRejoin={() => window.location.reload()} onBack={onBack} />
);

export function App() {
  const { theme } = usePreferences();
  const href = useStore(place);
  const launch = useMemo(() => parseLaunch(new URL(href)), [href]);
  useEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <TextProvider>
      <Page key={href} launch={launch} />
    </TextProvider>
  );
}

function Page({ launch }: { launch: Launch }) {
  if (launch.kind === 'home') return <Home token={launch.token} />;
  return <RoomPage launch={launch} />;
}

function RoomPage({ launch }: { launch: Extract<Launch, { kind: 'room' }> }) {
  const { roomId, displayName, options } = launch;
  const { cameraOn, microphoneOn } = usePreferences();
  const [prepared, setPrepared] = useState<Prepared | undefined>(() =>
    displayName === undefined
      ? undefined
      : { displayName, camera: cameraOn, microphone: microphoneOn, release: () => {} },
  );
  const [embedder] = useState(() => embedderOf(options.embed));
  useEffect(() => embedder?.tell({ event: 'ready' }), [embedder]);
  useEffect(() => {
    // While somebody looks at the preview, the call's code arrives.
    loadCall().catch(() => {}); // Said when it is needed.
    window.history.replaceState(window.history.state, '', withKeyInFragment(window.location.href));
    document.title = `${roomId} · Potluck`;
    return () => {
      document.title = 'Potluck';
    };
  }, [roomId]);
  if (prepared === undefined)
    return <Preview roomId={roomId} knownName={displayName} embedder={embedder} onJoin={setPrepared} />;
  return (
    <Suspense fallback={<Waiting />}>
      <Call
        roomId={roomId}
        prepared={prepared}
        options={options}
        embedder={embedder}
        onBack={() => setPrepared(undefined)}
      />
    </Suspense>
  );
}
