import { Volume2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useText } from '../i18n/text.tsx';
import { usePreferences, useStore } from '../state/use-store.ts';
import { Button } from '../ui/button.tsx';
import { useRoom } from './context.tsx';
import { SoundOut } from './sound-out.ts';
import './sound-gate.css';

/** Plays everybody's sound; asks for a click where the browser wants one first. */
export function SoundGate() {
  const { call } = useText();
  const participants = useRoom((state) => state.participants);
  const { speakerId } = usePreferences();
  const [sound] = useState(() => new SoundOut());
  const blocked = useStore(sound.blocked);
  useEffect(() => sound.play(participants), [sound, participants]);
  useEffect(() => () => sound.close(), [sound]);
  useEffect(() => void sound.setSpeaker(speakerId), [sound, speakerId]);
  if (!blocked) return null;
  return (
    <div className="sound-gate" role="alert">
      <p>{call.hearAllHelp}</p>
      <Button
        tone="primary"
        size="large"
        icon={<Volume2 size={20} />}
        onPress={() => sound.unblock()}
        testId="hear-all"
      >
        {call.hearAll}
      </Button>
    </div>
  );
}
