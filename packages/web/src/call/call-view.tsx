import type { EncodingOptions } from '@potluck/client';
import { useEffect, useState } from 'react';
import { currentTexts, useText } from '../i18n/text.tsx';
import { DropZone } from '../chat/attach.tsx';
import { ChatPanel } from '../chat/chat-panel.tsx';
import type { Embedder } from '../embed/embedder.ts';
import { useEmbeddedCall } from '../embed/use-embedded-call.ts';
import { microphoneProcessor } from '../devices/microphone-processor.tsx';
import { PeoplePanel } from '../people/people-panel.tsx';
import { roomLink, type LaunchOptions } from '../routes/launch.ts';
import { createStore } from '../state/store.ts';
import { Readings } from '../stats/readings.ts';
import { Button } from '../ui/button.tsx';
import { useNextFrame } from '../ui/next-frame.ts';
import { Waiting } from '../ui/waiting.tsx';
import { createActions } from './actions.ts';
import { Banner } from './banner.tsx';
import { Bar, BarPlace } from './bar.tsx';
import { CallProvider, useCall, useRoom, useUi, type CallContextValue } from './context.tsx';
import { CallDialogs } from './dialogs.tsx';
import { EncryptionMark } from './encryption-mark.tsx';
import { Ended } from './ended.tsx';
import { FloatingCall } from './floating-call.tsx';
import { Floating } from './floating.ts';
import { inviteOrigin, lookForInviteOrigin } from './invite-origin.ts';
import { NoticeBoard } from './notice-board.ts';
import { Notices } from './notices.tsx';
import { PasswordPrompt } from './password-prompt.tsx';
import type { CallRoom } from './port.ts';
import { SoundGate } from './sound-gate.tsx';
import { Stage } from './stage.tsx';
import { initialUi, type CallUi } from './ui.ts';
import { useRoomNotices } from './use-room-notices.tsx';
import { useDeviceNotices } from './use-device-notices.tsx';
import { useChimes } from './use-chimes.tsx';
import { useTalkingMuted } from './use-talking-muted.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import { useWakeLock } from './use-wake-lock.ts';
import './call.css';

type CallViewProps = {
  room: CallRoom;
  roomId: string;
  /** What the link asks for. */
  options?: Pick<LaunchOptions, 'info' | 'e2eKey' | 'throttleSecret' | 'faceDetection'>;
  /** The film that was to play in place of the camera does not. */
  filmFailed?: boolean;
  startUi?: Partial<CallUi>;
  /** Of shared screens. Default: as the SDK does. */
  screen?: EncodingOptions;
  /** A password that was given with this attempt did not fit. */
  passwordTried?: boolean;
  embedder?: Embedder | undefined;
  onRejoin(password?: string): void;
  onBack(): void;
};

/** A call on screen, from entering to its end. */
export function CallView({
  room,
  roomId,
  options = { info: false, faceDetection: false },
  filmFailed = false,
  startUi,
  screen = {},
  passwordTried = false,
  embedder,
  onRejoin,
  onBack,
}: CallViewProps) {
  const [context] = useState((): CallContextValue => {
    const ui = createStore<CallUi>({ ...initialUi, ...(options.info && { dialog: 'statistics' }), ...startUi });
    const notices = new NoticeBoard();
    const floating = new Floating(room, ui);
    const { e2eKey, throttleSecret, faceDetection } = options;
    const linkAt = (origin: string) => roomLink(roomId, origin, e2eKey);
    const actions = createActions({
      room,
      ui,
      notices,
      floating,
      link: () => linkAt(inviteOrigin.get()),
      processor: microphoneProcessor,
      screen,
      texts: currentTexts,
    });
    const readings = new Readings(() => room.stats());
    const encrypted = e2eKey !== undefined;
    return { room, roomId, linkAt, encrypted, throttleSecret, faceDetection, ui, notices, readings, floating, actions };
  });
  useEffect(() => {
    context.readings.start();
    lookForInviteOrigin();
    if (filmFailed) context.notices.complain(currentTexts().notices.filmFailed);
    return () => {
      context.floating.close();
      context.notices.close();
      context.readings.close();
    };
  }, [context, filmFailed]);
  useEmbeddedCall(embedder, room, context.actions);
  return (
    <CallProvider value={context}>
      <Phase passwordTried={passwordTried} onRejoin={onRejoin} onBack={onBack} />
    </CallProvider>
  );
}

function Phase({
  passwordTried,
  onRejoin,
  onBack,
}: Required<Pick<CallViewProps, 'passwordTried' | 'onRejoin' | 'onBack'>>) {
  const { call } = useText();
  const connection = useRoom((state) => state.connection);
  if (connection.kind === 'joining') {
    return connection.inLobby ? <InLobby /> : <Waiting text={call.joining} />;
  }
  if (connection.kind === 'ended' && connection.reason === 'passwordNeeded')
    return <PasswordPrompt wrong={passwordTried} onEnter={onRejoin} />;
  if (connection.kind === 'ended')
    return (
      <Ended reason={connection.reason} message={connection.message} onRejoin={() => onRejoin()} onBack={onBack} />
    );
  return <Table />;
}

function InLobby() {
  const { call } = useText();
  const { roomId, actions } = useCall();
  return (
    <Waiting title={call.inLobby} text={call.roomLabel(roomId)} help={call.inLobbyHelp}>
      <Button onPress={actions.leave} testId="stop-waiting">
        {call.stopWaiting}
      </Button>
    </Waiting>
  );
}

/** The people first: what is around them follows with the next frame, and connections go on in between. */
function Table() {
  const { call } = useText();
  const { room, roomId, actions } = useCall();
  const panel = useUi((ui) => ui.panel);
  const whole = useNextFrame();
  useShortcuts(room, actions);
  useRoomNotices();
  useDeviceNotices();
  useTalkingMuted();
  useChimes();
  useWakeLock();
  return (
    <div className="call" data-panel={panel}>
      <main className="call-main">
        <h1 className="sr-only">{call.roomLabel(roomId)}</h1>
        <Banner />
        <Stage />
        <EncryptionMark />
        <Notices />
        <SoundGate />
      </main>
      {whole ? (
        <>
          {panel === 'chat' && <ChatPanel />}
          {panel === 'people' && <PeoplePanel />}
          <Bar />
          <CallDialogs />
          <FloatingCall />
          <DropZone />
        </>
      ) : (
        <BarPlace />
      )}
    </div>
  );
}
