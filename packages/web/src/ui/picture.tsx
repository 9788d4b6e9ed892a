import { useEffect, useRef } from 'react';

/** Draws a video track. Silent: sound is played elsewhere. */
export function Picture({
  track,
  mirrored = false,
  fit = 'cover',
}: {
  track: MediaStreamTrack;
  mirrored?: boolean;
  fit?: 'cover' | 'contain';
}) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (element === null) return undefined;
    element.srcObject = new MediaStream([track]);
    // Muted video may always play; it rejects only when it is taken away meanwhile.
    element.play().catch(() => {});
    return () => {
      element.srcObject = null;
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
      disablePictureInPicture
    />
  );
}
