/** Pictures without cameras: people drawn on canvases, each with its own colours. */

const skins = ['#f0c8a0', '#c98d5e', '#8a5a3c', '#e8b48c', '#5d3c2a', '#f5d5b8'];
const backs = ['#6b8f8a', '#a8765a', '#54688c', '#8c7a54', '#74566f', '#4f7350', '#94645f', '#5d5d78'];
const hairs = ['#2a211c', '#5c3a22', '#c9a25a', '#3b3b3f', '#8a3d22', '#d8d2c8'];
const shirts = ['#35577a', '#d8a23a', '#8a3b44', '#3d6b4f', '#e6e0d4', '#4a4a55'];

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

function drawPerson(context: CanvasRenderingContext2D, seed: number): void {
  const pick = (from: readonly string[], step: number) => from[(seed * step) % from.length]!;
  const { width, height } = context.canvas;
  const sway = Math.sin(performance.now() / 900 + seed) * 4;
  const wall = context.createLinearGradient(0, 0, width, height);
  wall.addColorStop(0, pick(backs, 1));
  wall.addColorStop(1, '#2c2a2e');
  context.fillStyle = wall;
  context.fillRect(0, 0, width, height);
  context.fillStyle = 'rgb(255 240 200 / 14%)';
  context.fillRect((seed * 97) % 420, 30, 130, 160);
  const x = width / 2 + ((seed * 53) % 80) - 40 + sway;
  const ellipse = (cx: number, cy: number, rx: number, ry: number, colour: string) => {
    context.fillStyle = colour;
    context.beginPath();
    context.ellipse(cx, cy, rx, ry, 0, 0, 7);
    context.fill();
  };
  ellipse(x, 390, 150, 130, pick(shirts, 5));
  ellipse(x, 150, 84, 100, pick(hairs, 3));
  context.fillStyle = pick(skins, 7);
  context.fillRect(x - 26, 220, 52, 60);
  ellipse(x, 172, 66, 84, pick(skins, 7));
  ellipse(x, 100, 70, 36, pick(hairs, 3));
  ellipse(x - 24, 168, 6, 7, '#2a211c');
  ellipse(x + 24, 168, 6, 7, '#2a211c');
  context.strokeStyle = '#8a4638';
  context.lineWidth = 5;
  context.beginPath();
  context.arc(x, 196, 24, 0.4, Math.PI - 0.4);
  context.stroke();
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
