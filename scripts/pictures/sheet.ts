import type { Page } from 'playwright-core';

/** Pictures of one row of a contact sheet, with its name. */
export type Row = { readonly name: string; readonly pictures: readonly Buffer[] };

/** Puts pictures side by side, all but flat ones of one height, a row under the other; gives back a WebP. */
export async function makeSheet(desk: Page, rows: readonly Row[], height: number, quality: number): Promise<Buffer> {
  const asked = rows.map(({ name, pictures }) => ({
    name,
    pictures: pictures.map((png) => `data:image/png;base64,${png.toString('base64')}`),
  }));
  const base64 = await desk.evaluate(drawSheet, { rows: asked, height, quality });
  return Buffer.from(base64, 'base64');
}

/** A PNG as a WebP of the same size. */
export async function toWebp(desk: Page, png: Buffer, quality: number): Promise<Buffer> {
  const source = `data:image/png;base64,${png.toString('base64')}`;
  return Buffer.from(await desk.evaluate(encode, { source, quality }), 'base64');
}

/** Runs in a page. */
async function encode({ source, quality }: { source: string; quality: number }): Promise<string> {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')?.drawImage(image, 0, 0);
  return canvas.toDataURL('image/webp', quality).split(',')[1] ?? '';
}

type Asked = { rows: { name: string; pictures: string[] }[]; height: number; quality: number };

/** Runs in a page. */
async function drawSheet({ rows, height, quality }: Asked): Promise<string> {
  const gap = 12;
  const head = 26;
  const load = async (source: string) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    return image;
  };
  const loaded = await Promise.all(
    rows.map(async ({ name, pictures }) => ({ name, images: await Promise.all(pictures.map(load)) })),
  );
  const largestScale = 0.6;
  const scaleOf = (image: HTMLImageElement) => Math.min(height / image.height, largestScale);
  const widthOf = (image: HTMLImageElement) => Math.round(image.width * scaleOf(image));
  const widths = loaded.map(({ images }) => images.reduce((sum, image) => sum + widthOf(image) + gap, gap));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(...widths);
  canvas.height = loaded.length * (height + head + gap);
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('there is no canvas');
  pen.fillStyle = '#8f897e';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.font = '600 15px sans-serif';
  pen.imageSmoothingQuality = 'high';
  loaded.forEach(({ name, images }, row) => {
    const top = row * (height + head + gap);
    pen.fillStyle = '#fff';
    pen.fillText(name, gap, top + 19);
    let left = gap;
    for (const image of images) {
      pen.drawImage(image, left, top + head, widthOf(image), image.height * scaleOf(image));
      left += widthOf(image) + gap;
    }
  });
  return canvas.toDataURL('image/webp', quality).split(',')[1] ?? '';
}
