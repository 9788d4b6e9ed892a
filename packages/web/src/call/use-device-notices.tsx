import type { CaptureError, LocalTrackState } from '@potluck/client';
import { useEffect } from 'react';
import { currentTexts } from '../i18n/text.tsx';
import { blurTrouble } from '../blur/camera-processor.ts';
import { faceFinder } from './faces.ts';
import { useCall } from './context.tsx';

type Watched = { state: LocalTrackState; label: string };

/** Says when a device fails or is unplugged, and which one took its place. */
export function useDeviceNotices(): void {
  const { room, notices, actions, faceDetection } = useCall();
  useEffect(() => {
    if (faceDetection && faceFinder() === undefined) notices.complain(currentTexts().notices.noFaces);
  }, [notices, faceDetection]);
  useEffect(() => {
    const look = () => {
      const trouble = blurTrouble.get();
      if (trouble === undefined) return;
      blurTrouble.set(undefined);
      const { settings } = currentTexts();
      notices.complain(trouble === 'tooSlow' ? settings.blurTooSlow : settings.blurFailed);
      if (trouble === 'tooSlow') actions.setBackgroundBlur(false);
    };
    look();
    return blurTrouble.subscribe(look);
  }, [notices, actions]);
  useEffect(() => {
    const seen: { [source in 'camera' | 'microphone']: Watched } = {
      camera: { state: { kind: 'off' }, label: '' },
      microphone: { state: { kind: 'off' }, label: '' },
    };
    const look = () => {
      for (const source of ['camera', 'microphone'] as const) {
        const { state: before, label } = seen[source];
        const now = room.state.me[source];
        if (now === before) continue;
        seen[source].state = now;
        if (now.kind === 'failed') tellFailure(source, before, now, label);
        if (now.kind !== 'on') continue;
        const changed = before.kind === 'on' && before.deviceId !== now.deviceId;
        if (label !== '' && !changed) continue;
        // A processed track bears another name than its device.
        const found = labelOf(now.deviceId).then((found) => {
          seen[source].label = found;
          if (changed && found !== '') notices.say(currentTexts().notices.deviceSwitched(found));
        });
        found.catch(() => {});
      }
    };
    const tellFailure = (
      source: 'camera' | 'microphone',
      before: LocalTrackState,
      { error }: LocalTrackState & { kind: 'failed' },
      label: string,
    ) => {
      const { capture, notices: words } = currentTexts();
      const { title, help } = capture[error.code];
      if (before.kind === 'on' && error.code === 'notFound')
        notices.complain(words.deviceGone(label || capture[source]));
      // What was asked for by a click is answered by the click; that it cannot be sent turns out later.
      else if (before.kind === 'off' || isLate(error)) notices.complain(`${capture[source]}: ${title}. ${help}`);
    };
    look();
    return room.subscribe(look);
  }, [room, notices]);
  useEffect(() => {
    let seen = room.state.me.screen;
    return room.subscribe(() => {
      const { screen } = room.state.me;
      if (screen === seen) return;
      seen = screen;
      if (screen.kind !== 'failed' || !isLate(screen.error)) return;
      const { capture, notices: words } = currentTexts();
      notices.complain(`${words.shareFailed}: ${capture[screen.error.code].title}`);
    });
  }, [room, notices]);
}

/** The device gave something first, which could not be sent. */
const isLate = ({ code }: CaptureError): boolean => code === 'publishFailed' || code === 'encodingUnsupported';

async function labelOf(deviceId: string | undefined): Promise<string> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices.find((device) => device.deviceId === deviceId)?.label ?? '';
}
