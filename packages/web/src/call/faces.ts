/** Pixels from the upper left corner. */
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
type Size = { readonly width: number; readonly height: number };

/** The part of the Shape Detection API that is used here; behind a flag in most browsers. */
type Detector = { detect(source: HTMLVideoElement): Promise<readonly { readonly boundingBox: Box }[]> };

/** Finds faces in a playing picture; `undefined` where the browser cannot. */
export function faceFinder(): ((video: HTMLVideoElement) => Promise<Box[]>) | undefined {
  const { FaceDetector } = globalThis as { FaceDetector?: new (options: { fastMode: boolean }) => Detector };
  if (FaceDetector === undefined) return undefined;
  const detector = new FaceDetector({ fastMode: true });
  return async (video) => (await detector.detect(video)).map(({ boundingBox }) => boundingBox);
}

/** Where a box of the picture is on a tile that the picture covers (`object-fit: cover`), mirrored or not. */
export function placed(box: Box, picture: Size, tile: Size, mirrored: boolean): Box {
  const scale = Math.max(tile.width / picture.width, tile.height / picture.height);
  const left = (tile.width - picture.width * scale) / 2 + box.x * scale;
  const top = (tile.height - picture.height * scale) / 2 + box.y * scale;
  const width = box.width * scale;
  return { x: mirrored ? tile.width - left - width : left, y: top, width, height: box.height * scale };
}
