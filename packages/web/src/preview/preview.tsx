import { captureCamera, captureMicrophone } from '@potluck/client';
import { Mic, MicOff, Video, VideoOff } from 'lucide-react';
import { useEffect, useRef, useState, useSyncExternalStore, type SubmitEvent } from 'react';
import { blurTrouble, cameraProcessor } from '../blur/camera-processor.ts';
import { DevicePicker } from '../devices/device-picker.tsx';
import { LevelMeter } from '../devices/level-meter.tsx';
import { playTestSound } from '../devices/speaker-test.ts';
import { useDevices } from '../devices/use-devices.ts';
import type { Embedder } from '../embed/embedder.ts';
import { useText } from '../i18n/text.tsx';
import { prefer, preferences } from '../state/preferences.ts';
import { usePreferences, useStore } from '../state/use-store.ts';
import { AppHeader } from '../ui/app-header.tsx';
import { BlurIcon } from '../ui/blur-icon.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Picture } from '../ui/picture.tsx';
import { Plate } from '../ui/plate-view.tsx';
import { CaptureProblem } from './capture-problem.tsx';
import { obstacle } from './support.ts';
import { TrialDevice } from './trial-device.ts';
import './preview.css';

/** What was chosen before the call. `release` frees the tried devices, once the call has its own hold of them. */
export type Prepared = { displayName: string; camera: boolean; microphone: boolean; release(): void };

const idOption = (deviceId: string | undefined): [string?] => (deviceId === undefined ? [] : [deviceId]);

type PreviewProps = {
  roomId: string;
  /** The name with which somebody was in the call before. */
  knownName?: string | undefined;
  embedder?: Embedder | undefined;
  onJoin(prepared: Prepared): void;
};

export function Preview({ roomId, knownName, embedder, onJoin }: PreviewProps) {
  const { preview, settings } = useText();
  const chosen = usePreferences();
  const [cameraDevice] = useState(() => new TrialDevice(captureCamera, cameraProcessor));
  const [micDevice] = useState(() => new TrialDevice(captureMicrophone));
  const camera = useSyncExternalStore(cameraDevice.subscribe, cameraDevice.get);
  const microphone = useSyncExternalStore(micDevice.subscribe, micDevice.get);
  const devices = useDevices(`${camera.kind} ${microphone.kind}`);
  const [name, setName] = useState(knownName ?? chosen.displayName);
  const [nameError, setNameError] = useState<string>();
  const handedOver = useRef(false);
  const [blocked] = useState(obstacle);

  useEffect(() => {
    const { cameraOn, cameraId, microphoneOn, microphoneId } = preferences.get();
    if (obstacle() === undefined) {
      // Never rejects.
      if (cameraOn) void cameraDevice.turnOn(...idOption(cameraId));
      if (microphoneOn) void micDevice.turnOn(...idOption(microphoneId));
    }
    return () => {
      if (handedOver.current) return;
      cameraDevice.turnOff();
      micDevice.turnOff();
    };
  }, [cameraDevice, micDevice]);

  const toggle = (device: TrialDevice, on: boolean, what: 'camera' | 'microphone') => {
    prefer(what === 'camera' ? { cameraOn: on } : { microphoneOn: on });
    const deviceId = what === 'camera' ? chosen.cameraId : chosen.microphoneId;
    if (on) void device.turnOn(...idOption(deviceId));
    else device.turnOff();
  };
  const blur = (backgroundBlur: boolean) => {
    prefer({ backgroundBlur });
    blurTrouble.set(undefined);
    if (isOn(camera.kind) || camera.kind === 'failed') void cameraDevice.turnOn(...idOption(chosen.cameraId));
  };
  const trouble = useStore(blurTrouble);
  useEffect(() => {
    // Nobody else sees it yet.
    if (trouble !== undefined) void cameraDevice.turnOn(...idOption(preferences.get().cameraId));
  }, [trouble, cameraDevice]);
  const form = useRef<HTMLFormElement>(null);
  useEffect(
    () => embedder?.onCommand(({ command }) => command === 'join' && form.current?.requestSubmit()),
    [embedder],
  );
  const join = (event: SubmitEvent) => {
    event.preventDefault();
    const displayName = name.trim();
    if (displayName === '') return setNameError(preview.nameNeeded);
    prefer({ displayName });
    handedOver.current = true;
    const release = () => {
      cameraDevice.turnOff();
      micDevice.turnOff();
    };
    onJoin({ displayName, camera: isOn(camera.kind), microphone: isOn(microphone.kind), release });
  };

  const problem = camera.kind === 'failed' ? camera.error : microphone.kind === 'failed' ? microphone.error : undefined;
  const cameraOn = isOn(camera.kind);
  const micOn = isOn(microphone.kind);
  return (
    <div className="preview">
      <AppHeader />
      <main className="preview-main">
        <section className="preview-picture-side">
          <div className="preview-picture">
            {camera.kind === 'on' ? (
              <Picture track={camera.track} mirrored={chosen.mirrorSelf} />
            ) : (
              <div className="preview-empty">
                <Plate name={name} id={name || 'me'} />
                <p>{camera.kind === 'starting' ? preview.cameraStarting : preview.cameraOff}</p>
              </div>
            )}
            <div className="preview-toggles">
              <Toggle
                on={micOn}
                what="microphone"
                isDisabled={blocked !== undefined}
                onToggle={() => toggle(micDevice, !micOn, 'microphone')}
              />
              <Toggle
                on={cameraOn}
                what="camera"
                isDisabled={blocked !== undefined}
                onToggle={() => toggle(cameraDevice, !cameraOn, 'camera')}
              />
              <IconButton
                label={settings.blur}
                icon={<BlurIcon />}
                active={chosen.backgroundBlur}
                tone="plain"
                isDisabled={blocked !== undefined}
                aria-pressed={chosen.backgroundBlur}
                onPress={() => blur(!chosen.backgroundBlur)}
                testId="toggle-blur"
              />
            </div>
          </div>
          {trouble !== undefined && (
            <p className="preview-trouble" role="status">
              {trouble === 'tooSlow' ? settings.blurOff : settings.blurFailed}
            </p>
          )}
          <div className="preview-level">
            {micOn ? <Mic size={16} aria-hidden="true" /> : <MicOff size={16} aria-hidden="true" />}
            <LevelMeter track={microphone.kind === 'on' ? microphone.track : undefined} label={preview.micLevel} />
          </div>
        </section>
        <section className="preview-form-side">
          <p className="preview-room">{preview.room(roomId)}</p>
          <h1>{preview.title}</h1>
          {blocked !== undefined && <CaptureProblem code={blocked} />}
          {problem !== undefined && (
            <CaptureProblem
              code={problem.code}
              what={camera.kind === 'failed' ? (microphone.kind === 'failed' ? undefined : 'camera') : 'microphone'}
              onRetry={() => {
                if (camera.kind === 'failed') toggle(cameraDevice, true, 'camera');
                if (microphone.kind === 'failed') toggle(micDevice, true, 'microphone');
              }}
            />
          )}
          <form ref={form} onSubmit={join}>
            <Field
              label={preview.nameLabel}
              placeholder={preview.namePlaceholder}
              value={name}
              onChange={(text) => {
                setName(text);
                setNameError(undefined);
              }}
              maxLength={80}
              autoComplete="name"
              error={nameError}
              testId="name-input"
            />
            <Button type="submit" tone="primary" size="large" isDisabled={blocked === 'unsupported'} testId="join">
              {preview.join}
            </Button>
          </form>
          {blocked === undefined && (
            <div className="preview-devices">
              <DevicePicker
                kind="camera"
                devices={devices}
                value={chosen.cameraId ?? (camera.kind === 'on' ? camera.deviceId : undefined)}
                onChange={(cameraId) => {
                  prefer({ cameraId, cameraOn: true });
                  void cameraDevice.turnOn(cameraId);
                }}
              />
              <DevicePicker
                kind="microphone"
                devices={devices}
                value={chosen.microphoneId ?? (microphone.kind === 'on' ? microphone.deviceId : undefined)}
                onChange={(microphoneId) => {
                  prefer({ microphoneId, microphoneOn: true });
                  void micDevice.turnOn(microphoneId);
                }}
              />
              <div className="preview-speaker">
                <DevicePicker
                  kind="speaker"
                  devices={devices}
                  value={chosen.speakerId}
                  onChange={(speakerId) => prefer({ speakerId })}
                />
                <Button onPress={() => void playTestSound(chosen.speakerId)} testId="test-speaker">
                  {preview.testSpeaker}
                </Button>
              </div>
            </div>
          )}
        </section>
      </main>
    </div>
  );
}

const isOn = (kind: string) => kind === 'on' || kind === 'starting';

function Toggle({
  on,
  what,
  isDisabled,
  onToggle,
}: {
  on: boolean;
  what: 'camera' | 'microphone';
  isDisabled: boolean;
  onToggle(): void;
}) {
  const { call } = useText();
  const [On, Off] = what === 'camera' ? [Video, VideoOff] : [Mic, MicOff];
  const label = what === 'camera' ? (on ? call.cameraOff : call.cameraOn) : on ? call.mute : call.unmute;
  return (
    <IconButton
      label={label}
      icon={on ? <On size={22} /> : <Off size={22} />}
      tone={on ? 'plain' : 'danger'}
      isDisabled={isDisabled}
      onPress={onToggle}
      testId={`toggle-${what}`}
    />
  );
}
