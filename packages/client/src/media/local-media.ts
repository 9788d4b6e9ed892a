import type { AppError } from '@potluck/kernel';
import type { CameraOptions, LocalState, MicrophoneOptions } from '../api.ts';
import type { Session } from '../session.ts';
import { patchMe } from '../state/participants.ts';
import { captureCamera, captureMicrophone, captureScreen } from './capture.ts';
import { musicOptions, speechOptions } from './encodings.ts';
import { LocalDevice } from './local-device.ts';
import { LocalScreen } from './local-screen.ts';

export type LocalMediaDeps = { session: Session; mediaDevices: MediaDevices | undefined };

/** Microphone, camera and screen of one call: where their tracks go, and where their states are shown. */
export class LocalMedia {
  readonly microphone: LocalDevice<MicrophoneOptions>;
  readonly camera: LocalDevice<CameraOptions>;
  readonly screen: LocalScreen;

  constructor({ session, mediaDevices }: LocalMediaDeps) {
    const { sending, store, events } = session;
    const show = (patch: Partial<LocalState>) => store.update((state) => patchMe(state, patch));
    const common = {
      publish: sending.publish.bind(sending),
      onWarned: (error: AppError) => events.emit('warned', error),
    };
    this.microphone = new LocalDevice<MicrophoneOptions>(
      'microphone',
      {},
      {
        ...common,
        capture: (options) => captureMicrophone(options, mediaDevices),
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
        capture: (options) => captureCamera(options, mediaDevices),
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
  }

  close(): void {
    this.microphone.close();
    this.camera.close();
    this.screen.close();
  }
}
