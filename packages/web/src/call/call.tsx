import { openRoom } from '@potluck/client';
import { useEffect, useState } from 'react';
import type { Embedder } from '../embed/embedder.ts';
import type { ExternalVideo } from '../devices/external-video.ts';
import { openExternalVideo } from '../devices/open-external-video.tsx';
import { microphoneProcessor } from '../devices/microphone-processor.tsx';
import { useText } from '../i18n/text.tsx';
import type { Prepared } from '../preview/preview.tsx';
import type { LaunchOptions } from '../routes/launch.ts';
import { preferences } from '../state/preferences.ts';
import { noteRoom } from '../state/recent.ts';
import { Waiting } from '../ui/waiting.tsx';
import { CallView } from './call-view.tsx';
import { joinOptions, screenEncoding } from './join-options.ts';
import type { CallRoom } from './port.ts';

type CallProps = {
  roomId: string;
  prepared: Prepared;
  options: LaunchOptions;
  embedder: Embedder | undefined;
  onBack(): void;
};

/** Enters a room and shows it. */
export function Call({ roomId, prepared, options, embedder, onBack }: CallProps) {
  const { call } = useText();
  const [{ attempt, password }, setEntry] = useState<{ attempt: number; password?: string }>({ attempt: 0 });
  // A view holds on to its room: another attempt is another view.
  const [shown, setShown] = useState<{ room: CallRoom; attempt: number }>();
  const { externalVideo } = options;
  const [external, setExternal] = useState<ExternalVideo | 'failed'>();
  useEffect(() => {
    if (!externalVideo) return undefined;
    let closed = false;
    let opened: ExternalVideo | undefined;
    openExternalVideo().then(
      (film) => {
        if (closed) return film.close();
        opened = film;
        setExternal(film);
      },
      () => !closed && setExternal('failed'),
    );
    return () => {
      closed = true;
      opened?.close();
    };
  }, [externalVideo]);
  useEffect(() => {
    if (externalVideo && external === undefined) return undefined;
    const url = window.location.origin.replace(/^http/, 'ws');
    const wishes = { ...prepared, ...(password !== undefined && { password }) };
    const opened = openRoom(
      url,
      joinOptions(roomId, wishes, options, preferences.get(), microphoneProcessor, external),
    );
    // oxlint-disable-next-line react/set-state-in-effect -- a connection is opened by an effect, and shown from then on
    setShown({ room: opened, attempt });
    if (options.debug) Object.assign(window, { __potluck: { get state() { return opened.state; } } }); // prettier-ignore
    opened.joined.then(() => noteRoom(roomId)).catch(() => {}); // Shown by `state.connection`.
    const off = opened.subscribe(() => {
      // The call has its own hold of the devices now; until then the tried ones keep them warm.
      if (opened.state.me.camera.kind !== 'starting' && opened.state.connection.kind !== 'joining') prepared.release();
    });
    return () => {
      off();
      prepared.release();
      opened.leave().catch(() => {});
      setShown(undefined);
    };
  }, [roomId, prepared, options, attempt, password, externalVideo, external]);
  if (shown === undefined) return <Waiting text={call.joining} />;
  return (
    <CallView
      key={shown.attempt}
      room={shown.room}
      roomId={roomId}
      options={options}
      filmFailed={external === 'failed'}
      screen={screenEncoding(options)}
      embedder={embedder}
      onRejoin={(known) => setEntry({ attempt: attempt + 1, ...rightPassword(known ?? password) })}
      passwordTried={password !== undefined}
      onBack={onBack}
    />
  );
}

const rightPassword = (password: string | undefined): { password?: string } =>
  password === undefined ? {} : { password };
