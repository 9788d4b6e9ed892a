import { drawPortrait } from './portraits.ts';

/** Pictures without cameras. */

export function fakeCamera(seed: number, frameRate = 0): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 360;
  const context = canvas.getContext('2d')!;
  drawPerson(context, seed);
  const track = canvas.captureStream(Math.max(1, frameRate)).getVideoTracks()[0]!;
  // A still canvas sends one frame; late viewers need another.
  setInterval(() => drawPerson(context, seed), frameRate > 0 ? 1000 / frameRate : 500);
  return track;
}

const drawPerson = (pen: CanvasRenderingContext2D, seed: number): void =>
  drawPortrait(pen, seed, Math.sin(performance.now() / 900 + seed) * 4);

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
