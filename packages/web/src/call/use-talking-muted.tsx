import { useEffect } from 'react';
import { levelOf } from '../devices/level.ts';
import { TalkDetector } from '../devices/talk-detector.ts';
import { currentTexts } from '../i18n/text.tsx';
import { useCall, useRoom } from './context.tsx';

const everyMs = 250;

/** Says so when somebody seems to talk into a microphone that is muted. What is heard for it stays in this page. */
export function useTalkingMuted(): void {
  const { notices } = useCall();
  const track = useRoom(({ me: { microphone } }) =>
    microphone.kind === 'on' && microphone.muted ? microphone.track : undefined,
  );
  useEffect(() => {
    if (track?.readyState !== 'live') return undefined;
    // The track itself is silenced; another one of the same microphone is not.
    const own = track.clone();
    own.enabled = true;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    const source = context.createMediaStreamSource(new MediaStream([own]));
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const detector = new TalkDetector();
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      if (detector.heard(levelOf(samples), performance.now())) notices.say(currentTexts().call.talkingMuted);
    }, everyMs);
    return () => {
      clearInterval(timer);
      source.disconnect();
      own.stop();
      context.close().catch(() => {});
    };
  }, [track, notices]);
}
