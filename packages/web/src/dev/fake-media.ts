import { drawPortrait } from './portraits.ts';

/** Pictures without cameras. */

/** `frameRate` 0: a still picture. */
export function fakeCamera(seed: number, frameRate = 0): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 360;
  const pen = canvas.getContext('2d')!;
  const draw = (sway: number) => drawPortrait(pen, seed, sway);
  draw(Math.sin(seed) * 4);
  const still = frameRate === 0;
  const track = canvas.captureStream(still ? 2 : frameRate).getVideoTracks()[0]!;
  if (still) {
    const picture = document.createElement('canvas');
    picture.width = canvas.width;
    picture.height = canvas.height;
    picture.getContext('2d')!.drawImage(canvas, 0, 0);
    // A still canvas sends one frame; late viewers need another.
    setInterval(() => pen.drawImage(picture, 0, 0), 500);
  } else setInterval(() => draw(Math.sin(performance.now() / 900 + seed) * 4), 1000 / frameRate);
  return track;
}

export function fakeScreen(): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = 1600;
  canvas.height = 900;
  const context = canvas.getContext('2d')!;
  const draw = () => {
    context.fillStyle = '#fdfcf9';
    context.fillRect(0, 0, 1600, 900);
    context.fillStyle = '#1d6b52';
    context.fillRect(0, 0, 1600, 90);
    context.fillStyle = '#fff';
    context.font = '600 40px Figtree, sans-serif';
    context.fillText('Quarterly plan', 60, 58);
    [0.5, 0.8, 0.35, 0.95, 0.65, 0.72].forEach((part, index) => {
      context.fillStyle = index === 3 ? '#e0930c' : '#b9cfc4';
      context.fillRect(120 + index * 230, 780 - part * 560, 150, part * 560);
    });
    context.fillStyle = '#333';
    context.fillRect(80, 780, 1440, 4);
  };
  draw();
  setInterval(draw, 500);
  return canvas.captureStream(2).getVideoTracks()[0]!;
}

/** A sound that moves the level meter. */
export function hum(): MediaStreamTrack {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const loudness = context.createGain();
  loudness.gain.value = 0.05;
  const out = context.createMediaStreamDestination();
  tone.connect(loudness).connect(out);
  tone.start();
  return out.stream.getAudioTracks()[0]!;
}
