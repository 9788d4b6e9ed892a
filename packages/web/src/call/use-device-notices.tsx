import type { LocalTrackState } from '@potluck/client';
import { useEffect } from 'react';
import { currentTexts } from '../i18n/text.tsx';
import { useCall } from './context.tsx';

type Watched = { state: LocalTrackState; label: string };

/** Says when a device fails or is unplugged, and which one took its place. */
export function useDeviceNotices(): void {
  const { room, notices } = useCall();
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
        seen[source] = { state: now, label: now.kind === 'on' ? now.track.label : label };
        const { capture, notices: words } = currentTexts();
        if (now.kind === 'failed' && before.kind === 'on' && now.error.code === 'notFound')
          notices.complain(words.deviceGone(label));
        // What was asked for by a click is answered by the click.
        else if (now.kind === 'failed' && before.kind === 'off')
          notices.complain(`${capture[source]}: ${capture[now.error.code].title}. ${capture[now.error.code].help}`);
        else if (now.kind === 'on' && before.kind === 'on' && label !== '' && now.track.label !== label)
          notices.say(words.deviceSwitched(now.track.label));
      }
    };
    look();
    return room.subscribe(look);
  }, [room, notices]);
}
