import { useEffect, useRef, useState } from 'react';
import { currentTexts } from '../i18n/text.tsx';
import { useCall } from './context.tsx';
import { faceFinder, placed, type Box } from './faces.ts';

const everyMs = 500;

/** Boxes around the faces in the picture beside it, where the browser finds faces by itself. */
export function FaceBoxes({ mirrored }: { mirrored: boolean }) {
  const { notices } = useCall();
  const layer = useRef<HTMLDivElement>(null);
  const [boxes, setBoxes] = useState<readonly Box[]>([]);
  useEffect(() => {
    const find = faceFinder();
    if (find === undefined) return undefined;
    let closed = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const video = layer.current?.parentElement?.querySelector('video');
      if (video !== null && video !== undefined && video.videoWidth > 0) {
        const faces = await find(video).catch(() => undefined);
        if (closed) return;
        // Browsers may have the interface and nothing behind it.
        if (faces === undefined) return notices.complain(currentTexts().notices.noFaces);
        const picture = { width: video.videoWidth, height: video.videoHeight };
        setBoxes(
          faces.map((face) =>
            placed(face, picture, { width: video.clientWidth, height: video.clientHeight }, mirrored),
          ),
        );
      }
      timer = setTimeout(() => void look(), everyMs);
    };
    void look();
    return () => {
      closed = true;
      clearTimeout(timer);
    };
  }, [mirrored, notices]);
  return (
    <div ref={layer} className="face-boxes" aria-hidden="true">
      {boxes.map(({ x, y, width, height }, index) => (
        <span key={index} data-testid="face" style={{ left: x, top: y, width, height }} />
      ))}
    </div>
  );
}
