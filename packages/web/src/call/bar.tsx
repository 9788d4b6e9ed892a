import {
  Hand, Link, LayoutGrid, Ellipsis, Keyboard, KeyRound, ChartNoAxesColumn, DoorClosed, MessageSquare, Mic, MicOff, MonitorUp, MonitorX, PhoneOff, PictureInPicture2, Fullscreen, Settings, SmilePlus, UserPlus, Users, Video, VideoOff, PanelRight, RectangleHorizontal, Sparkles, type LucideIcon,
} from 'lucide-react'; // prettier-ignore
import { useEffect } from 'react';
import { Toolbar } from 'react-aria-components/Toolbar';
import { isSending } from '../grid/tiles.ts';
import { useText } from '../i18n/text.tsx';
import { IconButton } from '../ui/button.tsx';
import { MenuButton, type MenuEntry } from '../ui/menu.tsx';
import { useCall, useRoom, useUi } from './context.tsx';
import { canFloat } from './floating.ts';
import { canFillScreen, useFullScreen } from './full-screen.ts';
import { ReactionMenu } from './reaction-menu.tsx';
import { shortcutKeys } from './shortcuts.ts';
import { layoutModes, type CallUi } from './ui.ts';
import { useNarrow } from './use-narrow.ts';
import { Clock } from './clock.tsx';
import './bar.css';

/** The controls of the call. */
export function Bar() {
  const { call } = useText();
  const { actions, roomId } = useCall();
  const narrow = useNarrow('(max-width: 46rem)');
  return (
    <footer className="bar">
      <div className="bar-side bar-room">
        <span className="bar-room-name" title={roomId}>
          {roomId}
        </span>
        <Clock />
      </div>
      <Toolbar aria-label={call.bar} className="bar-middle" data-testid="bar">
        <MicrophoneButton />
        <CameraButton />
        {!narrow && <ScreenButton />}
        {!narrow && <HandButton />}
        {!narrow && <ReactionMenu />}
        {narrow && <ChatButton />}
        <MoreMenu narrow={narrow} />
        <span className="bar-leave">
          <IconButton
            label={call.leave}
            icon={<PhoneOff size={22} />}
            tone="danger"
            onPress={actions.leave}
            testId="leave"
          />
        </span>
      </Toolbar>
      <div className="bar-side bar-panels">
        {!narrow && (
          <>
            <IconButton
              label={call.invite}
              icon={<UserPlus size={20} />}
              onPress={() => actions.show('invite')}
              testId="invite"
            />
            <PeopleButton />
            <ChatButton />
          </>
        )}
      </div>
    </footer>
  );
}

/** As high as the bar, until it is there: nothing moves when it comes. */
export function BarPlace() {
  return (
    <footer className="bar" aria-hidden="true">
      <div className="bar-middle bar-place">
        <span className="icon-button" />
      </div>
    </footer>
  );
}

function MicrophoneButton() {
  const { call } = useText();
  const { actions } = useCall();
  const on = useRoom((state) => isSending(state.me.microphone));
  const failed = useRoom((state) => state.me.microphone.kind === 'failed');
  return (
    <span className="bar-source" data-failed={failed || undefined}>
      <IconButton
        label={on ? call.mute : call.unmute}
        icon={on ? <Mic size={22} /> : <MicOff size={22} />}
        tone={on ? 'plain' : 'danger'}
        shortcut={shortcutKeys.mute}
        onPress={actions.toggleMicrophone}
        testId="microphone"
      />
    </span>
  );
}

function CameraButton() {
  const { call } = useText();
  const { actions } = useCall();
  const on = useRoom((state) => isSending(state.me.camera));
  const failed = useRoom((state) => state.me.camera.kind === 'failed');
  return (
    <span className="bar-source" data-failed={failed || undefined}>
      <IconButton
        label={on ? call.cameraOff : call.cameraOn}
        icon={on ? <Video size={22} /> : <VideoOff size={22} />}
        tone={on ? 'plain' : 'danger'}
        shortcut={shortcutKeys.camera}
        onPress={actions.toggleCamera}
        testId="camera"
      />
    </span>
  );
}

function ScreenButton() {
  const { call } = useText();
  const { actions } = useCall();
  const on = useRoom((state) => state.me.screen.kind === 'on');
  return (
    <IconButton
      label={on ? call.stopShare : call.share}
      icon={on ? <MonitorX size={22} /> : <MonitorUp size={22} />}
      tone="plain"
      active={on}
      shortcut={shortcutKeys.share}
      onPress={actions.toggleScreen}
      testId="share"
    />
  );
}

function HandButton() {
  const { call } = useText();
  const { actions } = useCall();
  const up = useRoom((state) => state.me.handRaisedAt !== undefined);
  return (
    <IconButton
      label={up ? call.handDown : call.hand}
      icon={<Hand size={22} />}
      tone="plain"
      active={up}
      shortcut={shortcutKeys.hand}
      onPress={actions.toggleHand}
      testId="hand"
    />
  );
}

function PeopleButton() {
  const { call } = useText();
  const { actions } = useCall();
  const panel = useUi((ui) => ui.panel);
  const count = useRoom((state) => state.participants.length + 1);
  return (
    <span className="bar-people">
      <IconButton
        label={call.people}
        icon={<Users size={20} />}
        active={panel === 'people'}
        shortcut={shortcutKeys.people}
        onPress={() => actions.togglePanel('people')}
        testId="people"
      />
      <span className="bar-count" aria-hidden="true">
        {count}
      </span>
    </span>
  );
}

function ChatButton() {
  const { call, chat } = useText();
  const { actions, ui } = useCall();
  const panel = useUi((ui) => ui.panel);
  const readMessages = useUi((ui) => ui.readMessages);
  const messages = useRoom((state) => state.chat.length + state.files.filter(({ own }) => !own).length);
  const unread = panel === 'chat' ? 0 : Math.max(0, messages - readMessages);
  useEffect(() => {
    if (panel === 'chat') ui.set({ ...ui.get(), readMessages: messages });
  }, [ui, panel, messages]);
  return (
    <IconButton
      label={unread > 0 ? `${call.chat}, ${chat.unread(unread)}` : call.chat}
      icon={<MessageSquare size={20} />}
      active={panel === 'chat'}
      badge={unread}
      shortcut={shortcutKeys.chat}
      onPress={() => actions.togglePanel('chat')}
      testId="chat"
    />
  );
}

function MoreMenu({ narrow }: { narrow: boolean }) {
  const { call, layout, door, endForAll } = useText();
  const { actions } = useCall();
  const mode = useUi((ui) => ui.mode);
  const sharing = useRoom((state) => state.me.screen.kind === 'on');
  const handUp = useRoom((state) => state.me.handRaisedAt !== undefined);
  const fullScreen = useFullScreen();
  const mayLock = useRoom((state) => state.me.permissions.includes('lock'));
  const mayEnd = useRoom((state) => state.me.permissions.includes('end'));
  const entries: MenuEntry[] = [
    ...(narrow
      ? [
          { id: 'people', label: call.people, icon: Users, run: () => actions.togglePanel('people') },
          { id: 'invite', label: call.invite, icon: UserPlus, run: () => actions.show('invite') },
          { id: 'hand', label: handUp ? call.handDown : call.hand, icon: Hand, run: actions.toggleHand },
          { id: 'react', label: call.react, icon: SmilePlus, run: () => actions.show('reactions') },
          ...(canShare()
            ? [
                {
                  id: 'share',
                  label: sharing ? call.stopShare : call.share,
                  icon: MonitorUp,
                  run: actions.toggleScreen,
                },
              ]
            : []),
        ]
      : []),
    { id: 'copy', label: call.copyLink, icon: Link, run: actions.copyLink },
    ...(mayLock ? [{ id: 'door', label: door.title, icon: KeyRound, run: () => actions.show('door') }] : []),
    { kind: 'separator', id: 's1' },
    { kind: 'heading', id: 'h1', label: layout.title },
    ...layoutModes.map((id) => ({
      id,
      label: layout[id],
      icon: layoutIcons[id],
      checked: mode === id,
      run: () => actions.setMode(id),
    })),
    { kind: 'separator', id: 's2' },
    ...(canFloat()
      ? [{ id: 'float', label: call.pictureInPicture, icon: PictureInPicture2, run: actions.toggleFloating }]
      : []),
    ...(canFillScreen()
      ? [
          {
            id: 'full-screen',
            label: fullScreen ? call.exitFullScreen : call.fullScreen,
            icon: Fullscreen,
            run: actions.toggleFullScreen,
          },
        ]
      : []),
    { id: 'settings', label: call.settings, icon: Settings, run: () => actions.show('settings') },
    {
      id: 'statistics',
      label: call.statistics,
      icon: ChartNoAxesColumn,
      ...(!narrow && { shortcut: shortcutKeys.stats }),
      run: () => actions.show('statistics'),
    },
    // Phones have no keys.
    ...(narrow
      ? []
      : [
          {
            id: 'shortcuts',
            label: call.shortcuts,
            icon: Keyboard,
            shortcut: shortcutKeys.help,
            run: () => actions.show('shortcuts'),
          },
        ]),
    ...(mayEnd
      ? [
          { kind: 'separator' as const, id: 's3' },
          { id: 'end', label: endForAll.entry, icon: DoorClosed, run: () => actions.show('end') },
        ]
      : []),
  ];
  return (
    <MenuButton label={call.more} entries={entries} placement="top" testId="more">
      <IconButton label={call.more} icon={<Ellipsis size={22} />} tone="plain" testId="more" />
    </MenuButton>
  );
}

const layoutIcons: { readonly [mode in CallUi['mode']]: LucideIcon } = {
  auto: Sparkles,
  grid: LayoutGrid,
  speaker: RectangleHorizontal,
  sidebar: PanelRight,
};

/** Phones cannot share their screen from a browser. */
const canShare = () => 'getDisplayMedia' in (navigator.mediaDevices ?? {});
