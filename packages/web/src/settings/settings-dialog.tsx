import { useCall, useRoom } from '../call/context.tsx';
import { DevicePicker } from '../devices/device-picker.tsx';
import { LevelMeter } from '../devices/level-meter.tsx';
import { playTestSound } from '../devices/speaker-test.ts';
import { useDevices } from '../devices/use-devices.ts';
import { isLanguage, languages } from '../i18n/languages.ts';
import { useLanguage, useText } from '../i18n/text.tsx';
import { prefer, type Theme } from '../state/preferences.ts';
import { usePreferences } from '../state/use-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Picker } from '../ui/select.tsx';
import { Toggle } from '../ui/toggle.tsx';
import './settings.css';

/** Devices and looks, in the middle of a call. */
export function SettingsDialog({ onClose }: { onClose(): void }) {
  const { settings, common, preview, layout } = useText();
  const { actions } = useCall();
  const chosen = usePreferences();
  const language = useLanguage();
  const camera = useRoom((state) => state.me.camera);
  const microphone = useRoom((state) => state.me.microphone);
  const devices = useDevices(`${camera.kind} ${microphone.kind}`);
  const themes: { id: Theme; label: string }[] = [
    { id: 'auto', label: common.themeAuto },
    { id: 'light', label: common.themeLight },
    { id: 'dark', label: common.themeDark },
  ];
  return (
    <Dialog title={settings.title} wide onClose={onClose} testId="settings-dialog">
      <div className="settings">
        <section>
          <h3>{settings.devices}</h3>
          <DevicePicker
            kind="camera"
            devices={devices}
            value={camera.kind === 'on' ? camera.deviceId : chosen.cameraId}
            onChange={(id) => actions.setDevice('camera', id)}
          />
          <Toggle
            label={settings.blur}
            help={settings.blurHelp}
            isSelected={chosen.backgroundBlur}
            onChange={actions.setBackgroundBlur}
            testId="background-blur"
          />
          <DevicePicker
            kind="microphone"
            devices={devices}
            value={microphone.kind === 'on' ? microphone.deviceId : chosen.microphoneId}
            onChange={(id) => actions.setDevice('microphone', id)}
          />
          <LevelMeter track={microphone.kind === 'on' ? microphone.track : undefined} label={preview.micLevel} />
          <Toggle
            label={settings.noise}
            help={settings.noiseHelp}
            isSelected={chosen.noiseSuppression}
            onChange={actions.setNoiseSuppression}
            testId="noise-suppression"
          />
          <div className="preview-speaker">
            <DevicePicker
              kind="speaker"
              devices={devices}
              value={chosen.speakerId}
              onChange={(speakerId) => prefer({ speakerId })}
            />
            <Button onPress={() => void playTestSound(chosen.speakerId)}>{preview.testSpeaker}</Button>
          </div>
        </section>
        <section>
          <h3>{settings.general}</h3>
          <Toggle
            label={settings.mirror}
            isSelected={chosen.mirrorSelf}
            onChange={(mirrorSelf) => prefer({ mirrorSelf })}
            testId="mirror-self"
          />
          <Toggle
            label={settings.sounds}
            isSelected={chosen.sounds}
            onChange={(sounds) => prefer({ sounds })}
            testId="sounds"
          />
          <Toggle
            label={layout.hideSelf}
            isSelected={chosen.hideSelf}
            onChange={(hideSelf) => prefer({ hideSelf })}
            testId="hide-self"
          />
          <div className="settings-pair">
            <Picker
              label={common.language}
              choices={Object.entries(languages).map(([id, { name }]) => ({ id, label: name }))}
              value={language}
              onChange={(id) => isLanguage(id) && prefer({ language: id })}
              testId="settings-language"
            />
            <Picker
              label={common.theme}
              choices={themes}
              value={chosen.theme}
              onChange={(theme) => prefer({ theme })}
              testId="settings-theme"
            />
          </div>
        </section>
      </div>
    </Dialog>
  );
}
