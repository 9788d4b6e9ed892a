import { useEffect, useRef } from 'react';
import { Slices } from './slices.ts';

/** A player takes milliseconds to make, and to take away: a page of tiles of them is more than a frame has. */
const players = new Slices();

/** A track that takes the place of another goes into the same player: a new one would have nothing to show for a while. */
function show(element: HTMLVideoElement, track: MediaStreamTrack): void {
  const stream = element.srcObject;
  if (!(stream instanceof MediaStream)) {
    element.srcObject = new MediaStream([track]);
    return;
  }
  const before = stream.getTracks().filter((one) => one !== track);
  stream.addTrack(track);
  for (const one of before) stream.removeTrack(one);
}

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
    return players.add(() => {
      show(element, track);
      // Muted video may always play; it rejects only when it is taken away meanwhile.
      element.play().catch(() => {});
    });
  }, [track]);
  useEffect(() => {
    const element = video.current;
    return () => {
      if (element !== null && element.srcObject !== null) players.add(() => (element.srcObject = null));
    };
  }, []);
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
