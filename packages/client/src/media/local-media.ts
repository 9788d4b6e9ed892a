import type { AppError } from '@potluck/kernel';
import type { Permission, Source } from '@potluck/protocol';
import type { CameraOptions, LocalState, LocalTrackState, MicrophoneOptions } from '../api.ts';
import type { Session } from '../session.ts';
import { patchMe } from '../state/participants.ts';
import { askTogether } from './ask-together.ts';
import {
  browserDevices,
  captureCamera,
  captureMicrophone,
  captureScreen,
  type Captured,
  type Devices,
} from './capture.ts';
import { musicOptions, speechOptions } from './encodings.ts';
import { LocalDevice } from './local-device.ts';
import { LocalScreen } from './local-screen.ts';

export type LocalMediaDeps = { session: Session; mediaDevices: MediaDevices | undefined };

/** Microphone, camera and screen of one call: where their tracks go, and where their states are shown. */
export class LocalMedia {
  readonly microphone: LocalDevice<MicrophoneOptions>;
  readonly camera: LocalDevice<CameraOptions>;
  readonly screen: LocalScreen;
  readonly #session: Session;

  constructor({ session, mediaDevices = browserDevices() }: LocalMediaDeps) {
    this.#session = session;
    const { sending, store, events, engineStarted } = session;
    const show = (patch: Partial<LocalState>) => store.update((state) => patchMe(state, patch));
    const common = {
      publish: sending.publish.bind(sending),
      onWarned: (error: AppError) => events.emit('warned', error),
    };
    // Both at once, where both begin with the call.
    const devices = mediaDevices?.getUserMedia && {
      getUserMedia: askTogether((what) => mediaDevices.getUserMedia(what)),
    };
    // Engine and devices keep a browser busy. The way in waits for the engine alone, so that goes first.
    const afterEngine =
      <Options>(capture: (options: Options, devices?: Devices) => Promise<Captured>) =>
      async (options: Options) => {
        await engineStarted;
        return capture(options, devices);
      };
    this.microphone = new LocalDevice<MicrophoneOptions>(
      'microphone',
      {},
      {
        ...common,
        capture: afterEngine(captureMicrophone),
        encoding: () => ({}),
        codecOptions: (options) => (options.music === true ? musicOptions : speechOptions),
        onChanged: (microphone) => show({ microphone }),
      },
    );
    this.camera = new LocalDevice<CameraOptions>(
      'camera',
      {},
      {
        ...common,
        capture: afterEngine(captureCamera),
        encoding: (options) => options,
        codecOptions: () => undefined,
        onChanged: (camera) => show({ camera }),
      },
    );
    this.screen = new LocalScreen({
      ...common,
      capture: (options) => captureScreen(options, mediaDevices),
      onChanged: (screen, screenAudio) => show({ screen, screenAudio }),
    });
    events.on('mutedByModerator', ({ source }) => this.#stopped(source));
    events.on('ended', () => this.#close());
    let { permissions } = store.state.me;
    store.subscribe(() => {
      const before = permissions;
      permissions = store.state.me.permissions;
      if (before !== permissions) this.#keepTo(permissions);
    });
  }

  /** What a moderator stopped is stopped here too; only we can begin again. */
  #stopped(source: Source): void {
    const { tasks } = this.#session;
    if (source === 'microphone') tasks.spawn('muted by a moderator', this.microphone.mute());
    if (source === 'camera') tasks.spawn('stopped by a moderator', this.camera.stop());
    if (source === 'screen' || source === 'screen-audio') tasks.spawn('stopped by a moderator', this.screen.stop());
  }

  /** The server has ended what may not be sent any more. */
  #keepTo(permissions: readonly Permission[]): void {
    const end = (right: Permission, local: { readonly state: LocalTrackState; close(): void }) => {
      if (!permissions.includes(right) && local.state.kind !== 'off') local.close();
    };
    end('publishAudio', this.microphone);
    end('publishVideo', this.camera);
    end('publishScreen', this.screen);
  }

  #close(): void {
    this.microphone.close();
    this.camera.close();
    this.screen.close();
  }
}
