import type { EncodingOptions, LocalTrackState, TrackProcessor } from '@potluck/client';
import type { Texts } from '../i18n/texts.ts';
import { cameraProcessor } from '../blur/camera-processor.ts';
import { isSending } from '../grid/tiles.ts';
import { prefer, preferences } from '../state/preferences.ts';
import type { Store } from '../state/store.ts';
import { errorWords } from './error-words.ts';
import type { Floating } from './floating.ts';
import { toggleFullScreen } from './full-screen.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { CallRoom } from './port.ts';
import { nextMode, togglePanel, togglePin, type CallUi } from './ui.ts';

/** What buttons, shortcuts and menus do. Failures become notices; nothing throws. */
export type Actions = ReturnType<typeof createActions>;

type Parts = {
  room: CallRoom;
  ui: Store<CallUi>;
  notices: NoticeBoard;
  floating: Floating;
  link(): string;
  processor: TrackProcessor;
  /** Of shared screens. */
  screen: EncodingOptions;
  texts(): Texts;
};

export function createActions({ room, ui, notices, floating, link, processor, screen, texts }: Parts) {
  /** Runs what was asked for by a click; whoever clicked is told when it fails. */
  const run = (doing: Promise<unknown>): void => {
    doing.catch((error: unknown) => notices.complain(`${texts().notices.problem}: ${errorWords(error, texts())}`));
  };
  const report = async (what: 'microphone' | 'camera', doing: Promise<LocalTrackState>): Promise<void> => {
    const state = await doing;
    if (state.kind !== 'failed' || state.error.code === 'cancelled') return;
    const { title, help } = texts().capture[state.error.code];
    notices.complain(`${texts().capture[what]}: ${title}. ${help}`);
  };
  const setMicrophone = (on: boolean): void => {
    run(
      report(
        'microphone',
        setSource(room.microphone, on, { ...deviceOption(preferences.get().microphoneId), processor }),
      ),
    );
  };
  return {
    setMicrophone,
    toggleMicrophone(): void {
      const on = !isSending(room.state.me.microphone);
      prefer({ microphoneOn: on });
      setMicrophone(on);
    },
    toggleCamera(): void {
      const on = !isSending(room.state.me.camera);
      prefer({ cameraOn: on });
      const options = { ...deviceOption(preferences.get().cameraId), processor: cameraProcessor };
      run(report('camera', setSource(room.camera, on, options)));
    },
    setDevice(kind: 'camera' | 'microphone', deviceId: string): void {
      prefer(kind === 'camera' ? { cameraId: deviceId } : { microphoneId: deviceId });
      run(report(kind, room[kind].setDevice(deviceId)));
    },
    /** The camera is opened again: what it goes through is decided then. */
    setBackgroundBlur(on: boolean): void {
      prefer({ backgroundBlur: on });
      const { camera } = room.state.me;
      if (camera.kind === 'on') run(report('camera', room.camera.setDevice(camera.deviceId ?? 'default')));
    },
    /** The microphone is opened again: what it goes through is decided then. */
    setNoiseSuppression(on: boolean): void {
      prefer({ noiseSuppression: on });
      const { microphone } = room.state.me;
      if (microphone.kind === 'on')
        run(report('microphone', room.microphone.setDevice(microphone.deviceId ?? 'default')));
    },
    /** Opens the chat, where they stand then. */
    offerFiles: (files: readonly File[]): void => {
      ui.set({ ...ui.get(), panel: 'chat' });
      for (const file of files) {
        if (file.size > room.files.maxBytes) {
          notices.complain(texts().chat.tooLarge(Math.floor(room.files.maxBytes / 1_000_000)));
          continue;
        }
        const offering = room.files.offer(file).catch((error: unknown) => {
          notices.complain(`${texts().chat.file.notOffered(file.name)}: ${errorWords(error, texts())}`);
        });
        run(offering);
      }
    },
    fetchFile(id: string): void {
      try {
        // How it ends is shown where it stands.
        room.files.fetch(id).done.catch(() => {});
      } catch (error) {
        notices.complain(errorWords(error, texts()));
      }
    },
    withdrawFile(id: string): void {
      run(room.files.withdraw(id));
    },
    toggleScreen(): void {
      if (room.state.me.screen.kind === 'on') return run(room.screen.stop());
      const starting = room.screen.start(screen).then((state) => {
        if (state.kind === 'failed' && state.error.code !== 'cancelled') {
          notices.complain(`${texts().notices.shareFailed}: ${texts().capture[state.error.code].title}`);
        }
      });
      run(starting);
    },
    toggleHand(): void {
      run(room.setHandRaised(room.state.me.handRaisedAt === undefined));
    },
    react(emoji: string): void {
      run(room.sendReaction(emoji));
    },
    rename(displayName: string): void {
      prefer({ displayName });
      run(room.setDisplayName(displayName));
    },
    togglePanel(panel: 'chat' | 'people'): void {
      ui.set(togglePanel(ui.get(), panel));
    },
    closePanel(): void {
      ui.set({ ...ui.get(), panel: undefined });
    },
    show(dialog: CallUi['dialog']): void {
      ui.set({ ...ui.get(), dialog });
    },
    togglePin(key: string): void {
      ui.set(togglePin(ui.get(), key));
    },
    setMode(mode: CallUi['mode']): void {
      ui.set({ ...ui.get(), mode, page: 0 });
    },
    toggleFloating(): void {
      run(floating.toggle());
    },
    toggleFullScreen(): void {
      run(toggleFullScreen());
    },
    nextMode(): void {
      ui.set(nextMode(ui.get()));
    },
    setPage(page: number): void {
      ui.set({ ...ui.get(), page });
    },
    copyLink(): void {
      run(copyText(link()).then(() => notices.say(texts().notices.linkCopied)));
    },
    /** What only some may do; the server has the last word. */
    moderate(doing: (moderation: CallRoom['moderation']) => Promise<void>, done?: string): void {
      run(doing(room.moderation).then(() => done !== undefined && notices.say(done)));
    },
    leave(): void {
      run(room.leave());
    },
  };
}

type SourceOptions = { deviceId?: string; processor?: TrackProcessor };

const deviceOption = (deviceId: string | undefined): SourceOptions => (deviceId === undefined ? {} : { deviceId });

function setSource(
  source: CallRoom['camera'] | CallRoom['microphone'],
  on: boolean,
  options: SourceOptions,
): Promise<LocalTrackState> {
  if (!on) return source.mute();
  return source.state.kind === 'on' ? source.unmute() : source.start(options);
}

/** Also where the page is not secure and the clipboard API is missing, or in a frame that may not use it. */
export async function copyText(text: string): Promise<void> {
  try {
    return await navigator.clipboard.writeText(text);
  } catch {
    copyBySelection(text);
  }
}

function copyBySelection(text: string): void {
  const field = document.createElement('textarea');
  field.value = text;
  // A dialog keeps the focus to itself.
  (document.querySelector('[role="dialog"]') ?? document.body).append(field);
  field.select();
  // oxlint-disable-next-line typescript/no-deprecated -- the only way there
  const copied = document.execCommand('copy');
  field.remove();
  if (!copied) throw new Error('the browser did not copy');
}
