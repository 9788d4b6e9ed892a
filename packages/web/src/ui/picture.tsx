import { useEffect, useRef } from 'react';
import { Slices } from './slices.ts';

/** A player takes milliseconds to make, and to take away: a page of tiles of them is more than a frame has. */
const players = new Slices();

/** Draws a video track. Silent: sound is played elsewhere. */
export function Picture({
  track,
  mirrored = false,
  fit = 'cover',
  onFirstFrame,
}: {
  track: MediaStreamTrack;
  mirrored?: boolean;
  fit?: 'cover' | 'contain';
  onFirstFrame?(): void;
}) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (element === null) return undefined;
    const takeBack = players.add(() => {
      element.srcObject = new MediaStream([track]);
      // Muted video may always play; it rejects only when it is taken away meanwhile.
      element.play().catch(() => {});
    });
    return () => {
      takeBack();
      // Another track for the same element is set after this.
      if (element.srcObject !== null) players.add(() => (element.srcObject = null));
    };
  }, [track]);
  return (
    <video
      ref={video}
      className="picture"
      data-mirrored={mirrored || undefined}
      data-fit={fit}
      muted
      playsInline
      autoPlay
      onLoadedData={onFirstFrame}
      disablePictureInPicture
    />
  );
}
