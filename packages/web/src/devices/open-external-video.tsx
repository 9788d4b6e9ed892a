// Vite only: its `?url` imports give the addresses of built files.
import type { ExternalVideo } from './external-video.ts';
// oxlint-disable-next-line import/default -- an address, made by Vite
import clipUrl from './external-video.webm?url';

type CapturingVideo = HTMLVideoElement & { captureStream?(): MediaStream; mozCaptureStream?(): MediaStream };

/**
 * Plays a film in a loop, unheard, and gives its tracks: a file of the user's, or the clip that comes with the app. Rejects
 * where the browser cannot play it, or cannot take the tracks of a playing element (Safari).
 */
export async function openExternalVideo(file?: Blob): Promise<ExternalVideo> {
  const url = file === undefined ? clipUrl : URL.createObjectURL(file);
  const element: CapturingVideo = document.createElement('video');
  Object.assign(element, { src: url, loop: true, muted: true, playsInline: true });
  const close = () => {
    element.pause();
    element.removeAttribute('src');
    element.load();
    if (file !== undefined) URL.revokeObjectURL(url);
  };
  try {
    await element.play();
    const stream = element.captureStream?.() ?? element.mozCaptureStream?.();
    if (stream === undefined) throw new Error('this browser cannot send a playing film');
    const [video] = stream.getVideoTracks();
    const [audio] = stream.getAudioTracks();
    return {
      video,
      audio,
      close() {
        for (const track of stream.getTracks()) track.stop();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}
