/** People drawn at home or at work, so that screens can be looked at, and shown, without photographs of anybody. */

type Hair = 'short' | 'long' | 'bun' | 'curly' | 'bald' | 'scarf' | 'bob';
type Look = {
  hair: Hair;
  hairColour: string;
  skin: string;
  shirt: string;
  wall: string;
  scene: 'window' | 'shelf' | 'plant' | 'frames';
  glasses?: true;
  beard?: true;
  lightFrom: 'left' | 'right';
};

const looks: readonly Look[] = [
  { hair: 'bob', hairColour: '#3a2620', skin: '#eebf9d', shirt: '#2f5d62', wall: '#cdbfa8', scene: 'shelf', lightFrom: 'left' },
  { hair: 'long', hairColour: '#5a3220', skin: '#f0c6a4', shirt: '#7b3f4b', wall: '#9fb3ad', scene: 'window', lightFrom: 'left' },
  { hair: 'short', hairColour: '#b98a4e', skin: '#f1c9a9', shirt: '#3f5678', wall: '#c8b79d', scene: 'frames', glasses: true, beard: true, lightFrom: 'right' },
  { hair: 'curly', hairColour: '#1f1715', skin: '#7d4e34', shirt: '#d9a441', wall: '#7f9a94', scene: 'plant', lightFrom: 'right' },
  { hair: 'short', hairColour: '#17151a', skin: '#e6b78e', shirt: '#e9e2d4', wall: '#8c95a6', scene: 'shelf', glasses: true, lightFrom: 'left' },
  { hair: 'bun', hairColour: '#7a4a24', skin: '#f3cdb0', shirt: '#51735a', wall: '#d8c9b4', scene: 'plant', lightFrom: 'right' },
  { hair: 'scarf', hairColour: '#8a5d76', skin: '#cf9a6e', shirt: '#4a3d57', wall: '#b9b0a0', scene: 'window', lightFrom: 'right' },
  { hair: 'bald', hairColour: '#6d625b', skin: '#6b412b', shirt: '#35414f', wall: '#a5947c', scene: 'frames', beard: true, lightFrom: 'left' },
]; // prettier-ignore

type Pen = CanvasRenderingContext2D;

/** On a canvas of 16:9. `sway` moves the person a little, in pixels of a picture 960 wide. */
export function drawPortrait(pen: Pen, seed: number, sway: number): void {
  const look = looks[seed % looks.length]!;
  pen.save();
  pen.scale(pen.canvas.width / 960, pen.canvas.height / 540);
  pen.filter = `blur(${Math.round(pen.canvas.width / 190)}px)`;
  drawScene(pen, look, seed);
  pen.filter = 'none';
  pen.translate(480 + ((seed * 37) % 60) - 30 + sway, 300);
  pen.scale(1.12, 1.12);
  hairBehind(pen, look);
  drawBody(pen, look);
  drawFace(pen, look);
  hairInFront(pen, look);
  if (look.glasses) drawGlasses(pen);
  pen.restore();
  light(pen, look);
}

function drawScene(pen: Pen, { wall, scene, lightFrom }: Look, seed: number): void {
  const shade = pen.createLinearGradient(lightFrom === 'left' ? 0 : 960, 0, lightFrom === 'left' ? 960 : 0, 540);
  shade.addColorStop(0, wall);
  shade.addColorStop(1, mix(wall, '#2a2422', 0.55));
  box(pen, shade, -40, -40, 1040, 620);
  if (scene === 'window') {
    box(pen, '#f4efe2', 70, 20, 260, 360);
    box(pen, '#bcd9e8', 84, 34, 232, 332);
    ellipse(pen, '#7fa36d', 150, 360, 110, 90);
    ellipse(pen, '#95b681', 270, 375, 90, 70);
    box(pen, '#f4efe2', 194, 34, 12, 332);
    box(pen, '#efe5d1', 30, -20, 60, 480);
    box(pen, '#e4d7bf', 312, -20, 56, 480);
  }
  if (scene === 'shelf') {
    box(pen, '#6d4f38', 620, -20, 320, 600);
    for (const [row, y] of [40, 190, 340].entries()) {
      box(pen, '#3b2a20', 640, y - 40, 280, 130);
      for (let book = 0; book < 11; book += 1) {
        const colour = ['#a4483c', '#d9b65c', '#3f6d76', '#e7dcc6', '#5c6e45', '#7a5574'][
          (book * 5 + row * 3 + seed) % 6
        ]!;
        const height = 70 + ((book * 31 + row * 17 + seed * 7) % 40);
        box(pen, colour, 648 + book * 24, y + 90 - height, 19, height);
      }
    }
  }
  if (scene === 'plant') {
    box(pen, '#b5653f', 130, 400, 110, 120);
    for (let leaf = 0; leaf < 9; leaf += 1) {
      pen.save();
      pen.translate(185, 400);
      pen.rotate(-1.3 + leaf * 0.32);
      ellipse(pen, leaf % 2 ? '#3f6b4a' : '#5b8a5c', 0, -110, 26, 110);
      pen.restore();
    }
    box(pen, '#efe6d6', 690, 60, 170, 210);
    box(pen, '#c9764f', 706, 76, 138, 178);
    ellipse(pen, '#f0d9a8', 775, 150, 46, 46);
  }
  if (scene === 'frames') {
    for (const [x, y, width, height, colour] of [[90, 60, 150, 190, '#53726f'], [270, 100, 110, 110, '#c88f4a'], [700, 50, 190, 140, '#7c6077']] as const) {
      box(pen, '#f2ead9', x, y, width, height);
      box(pen, colour, x + 14, y + 14, width - 28, height - 28);
    } // prettier-ignore
    ellipse(pen, '#ffe9b8', 800, 330, 70, 60);
    box(pen, '#4d4138', 794, 380, 12, 180);
  }
}

function drawBody(pen: Pen, { shirt, skin, hair }: Look): void {
  const cloth = pen.createLinearGradient(0, 110, 0, 300);
  cloth.addColorStop(0, shirt);
  cloth.addColorStop(1, mix(shirt, '#15120f', 0.4));
  shape(pen, cloth, 'M-235 300 C-225 180 -150 150 -62 122 C-30 150 30 150 62 122 C150 150 225 180 235 300 Z');
  shape(pen, mix(skin, '#3a1d10', 0.22), 'M-44 50 L-46 118 C-30 152 30 152 46 118 L44 50 Z');
  shape(pen, mix(shirt, '#ffffff', 0.18), 'M-62 122 C-40 168 -12 174 0 160 C-18 152 -36 136 -46 112 Z');
  shape(pen, mix(shirt, '#000000', 0.14), 'M62 122 C40 168 12 174 0 160 C18 152 36 136 46 112 Z');
  if (hair === 'scarf') return;
  shape(pen, 'rgb(40 20 10 / 22%)', 'M-44 66 C-20 104 20 104 44 66 L44 86 C22 118 -22 118 -44 86 Z');
}

function drawFace(pen: Pen, { skin, hairColour, beard, hair }: Look): void {
  if (hair !== 'scarf') {
    ellipse(pen, mix(skin, '#5a2a18', 0.18), -84, -18, 15, 26);
    ellipse(pen, mix(skin, '#5a2a18', 0.18), 84, -18, 15, 26);
  }
  const face = pen.createRadialGradient(-18, -50, 20, 0, -20, 135);
  face.addColorStop(0, mix(skin, '#fff4e4', 0.22));
  face.addColorStop(0.6, skin);
  face.addColorStop(1, mix(skin, '#4a2014', 0.3));
  shape(pen, face, 'M-82 -50 C-82 -130 82 -130 82 -50 C84 10 62 88 0 94 C-62 88 -84 10 -82 -50 Z');
  const blush = mix(skin, '#c2452f', 0.32);
  pen.globalAlpha = 0.3;
  ellipse(pen, blush, -48, 14, 22, 15);
  ellipse(pen, blush, 48, 14, 22, 15);
  pen.globalAlpha = 1;
  if (beard) {
    pen.globalAlpha = 0.85;
    shape(pen, mix(hairColour, '#2a1c14', 0.25), 'M-80 -8 C-76 30 -60 34 -34 28 C-14 22 14 22 34 28 C60 34 76 30 80 -8 C82 66 44 104 0 106 C-44 104 -82 66 -80 -8 Z');
    pen.globalAlpha = 1;
  } // prettier-ignore
  for (const side of [-1, 1]) {
    const x = side * 33;
    ellipse(pen, '#fbf7f0', x, -22, 14, 8);
    ellipse(pen, mix(hairColour, '#3a2416', 0.5), x, -22, 7.5, 7.5);
    ellipse(pen, '#14100d', x, -22, 3.8, 3.8);
    ellipse(pen, '#ffffff', x - 2.5, -24.5, 1.8, 1.8);
    stroke(pen, mix(skin, '#2a120a', 0.75), 3, `M${x - 16} -22 Q${x} -36 ${x + 16} -23`);
    const brow = hair === 'scarf' || hair === 'bald' ? '#2a1c16' : mix(hairColour, '#241610', 0.35);
    stroke(pen, brow, 5.5, `M${x - 19} ${-43 - side * 1.5} Q${x} -54 ${x + 19} ${-43 + side * 1.5}`);
  }
  stroke(pen, mix(skin, '#5a2818', 0.42), 3.4, 'M-4 -14 Q-14 16 -10 20 Q0 27 11 20');
  shape(pen, '#8d3b35', 'M-29 44 Q0 54 29 44 Q16 70 0 70 Q-16 70 -29 44 Z');
  shape(pen, '#fffaf2', 'M-24 46.500 Q0 55 24 46.500 Q12 58 0 58 Q-12 58 -24 46.500 Z');
  stroke(pen, mix(skin, '#9c3d34', 0.55), 3.5, 'M-31 43 Q0 54 31 43');
}

function hairBehind(pen: Pen, { hair, hairColour }: Look): void {
  const dark = mix(hairColour, '#0d0907', 0.35);
  if (hair === 'long')
    shape(
      pen,
      dark,
      'M-98 -40 C-110 -170 110 -170 98 -40 C104 40 124 120 112 190 L-112 190 C-124 120 -104 40 -98 -40 Z',
    );
  if (hair === 'bob') shape(pen, dark, 'M-102 -40 C-112 -168 112 -168 102 -40 C110 40 104 84 84 92 L-84 92 C-104 84 -110 40 -102 -40 Z'); // prettier-ignore
  if (hair === 'bun') ellipse(pen, dark, 0, -152, 46, 40);
  if (hair === 'curly')
    for (let curl = 0; curl < 16; curl += 1) {
      const angle = Math.PI * (0.92 + (curl / 15) * 1.16);
      ellipse(pen, dark, Math.cos(angle) * 98, -48 + Math.sin(angle) * 92, 36, 36);
    }
}

function hairInFront(pen: Pen, { hair, hairColour, shirt }: Look): void {
  if (hair === 'bald') return;
  const gloss = pen.createLinearGradient(-60, -140, 60, -20);
  gloss.addColorStop(0, mix(hairColour, '#ffe8c8', 0.2));
  gloss.addColorStop(0.5, hairColour);
  gloss.addColorStop(1, mix(hairColour, '#0d0907', 0.35));
  const caps: { readonly [style in Exclude<Hair, 'bald' | 'scarf'>]: string } = {
    short: 'M-88 -36 C-104 -148 -30 -152 12 -146 C84 -146 102 -96 88 -34 C84 -60 76 -78 60 -88 C26 -76 -34 -76 -62 -92 C-76 -78 -84 -60 -88 -36 Z',
    long: 'M-94 10 C-112 -150 -20 -150 0 -142 C20 -150 112 -150 94 10 C90 -40 76 -78 14 -104 C-60 -92 -88 -44 -94 10 Z',
    bob: 'M-98 40 C-112 -148 -10 -152 4 -146 C60 -150 112 -120 98 40 C92 -20 86 -52 74 -68 C20 -64 -40 -70 -72 -66 C-86 -50 -94 -10 -98 40 Z',
    bun: 'M-90 -20 C-102 -130 -40 -146 0 -144 C40 -146 102 -130 90 -20 C84 -66 50 -96 0 -98 C-50 -96 -84 -66 -90 -20 Z',
    curly: 'M-90 -40 C-98 -130 98 -130 90 -40 C80 -78 48 -96 0 -94 C-48 -96 -80 -78 -90 -40 Z',
  }; // prettier-ignore
  if (hair === 'scarf') {
    const path = 'M0 -146 C-118 -146 -118 20 -100 70 C-92 130 -120 170 -150 200 L150 200 C120 170 92 130 100 70 C118 20 118 -146 0 -146 Z M0 -94 C62 -94 76 -54 74 -10 C70 56 40 92 0 96 C-40 92 -70 56 -74 -10 C-76 -54 -62 -94 0 -94 Z'; // prettier-ignore
    pen.fillStyle = gloss;
    cut(pen, path, 'evenodd');
    stroke(pen, mix(shirt, '#000000', 0.35), 3, 'M-96 90 C-40 150 40 150 100 84');
    stroke(pen, mix(hairColour, '#000000', 0.25), 3, 'M-110 130 C-40 190 60 180 112 120');
    return;
  }
  shape(pen, gloss, caps[hair]);
}

function drawGlasses(pen: Pen): void {
  for (const side of [-1, 1]) {
    pen.strokeStyle = '#2b2622';
    pen.lineWidth = 4.5;
    pen.fillStyle = 'rgb(255 255 255 / 10%)';
    pen.beginPath();
    pen.roundRect(side * 34 - 26, -42, 52, 40, 16);
    pen.fill();
    pen.stroke();
    stroke(pen, '#2b2622', 4, `M${side * 60} -26 L${side * 84} -30`);
  }
  stroke(pen, '#2b2622', 4.5, 'M-9 -26 Q0 -32 9 -26');
}

function light(pen: Pen, { lightFrom }: Look): void {
  const { width, height } = pen.canvas;
  const x = lightFrom === 'left' ? 0.15 : 0.85;
  const glow = pen.createRadialGradient(width * x, height * 0.1, 0, width * x, height * 0.1, width * 0.8);
  glow.addColorStop(0, 'rgb(255 238 205 / 32%)');
  glow.addColorStop(0.5, 'rgb(255 238 205 / 4%)');
  glow.addColorStop(1, 'rgb(25 18 14 / 30%)');
  box(pen, glow, 0, 0, width, height);
}

function box(pen: Pen, fill: string | CanvasGradient, x: number, y: number, width: number, height: number): void {
  pen.fillStyle = fill;
  pen.fillRect(x, y, width, height);
}

function ellipse(pen: Pen, fill: string, x: number, y: number, radiusX: number, radiusY: number): void {
  pen.fillStyle = fill;
  pen.beginPath();
  pen.ellipse(x, y, radiusX, radiusY, 0, 0, 7);
  pen.fill();
}

function shape(pen: Pen, fill: string | CanvasGradient, path: string): void {
  pen.fillStyle = fill;
  cut(pen, path);
}

function cut(pen: Pen, path: string, rule: CanvasFillRule = 'nonzero'): void {
  const outline = new Path2D(path);
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a canvas, not an array
  pen.fill(outline, rule);
}

function stroke(pen: Pen, colour: string, width: number, path: string): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineCap = 'round';
  pen.stroke(new Path2D(path));
}

/** Between two colours `#rrggbb`. */
function mix(from: string, to: string, part: number): string {
  const channel = (colour: string, at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) => Math.round(channel(from, at) * (1 - part) + channel(to, at) * part));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
