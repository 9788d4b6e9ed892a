import { useEffect, useRef } from 'react';
import { watchLevel } from './level.ts';
import './level-meter.css';

/** Shows how loud a track is. Draws past React: it moves with every frame. */
export function LevelMeter({ track, label }: { track: MediaStreamTrack | undefined; label: string }) {
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (track === undefined) return undefined;
    return watchLevel(track, (level) => bar.current?.style.setProperty('--level', level.toFixed(3)));
  }, [track]);
  return (
    <span className="level-meter" role="img" aria-label={label} data-off={track === undefined || undefined}>
      <span ref={bar} className="level-bar" />
    </span>
  );
}
