/** Plays pictures into many video tracks, off the main thread: as a decoder would, and costing the page as little. */
export type FrameOrder = {
  readonly pictures: readonly VideoFrame[];
  /** One for each track. */
  readonly sinks: readonly WritableStream<VideoFrame>[];
  readonly frameRate: number;
};

self.addEventListener('message', ({ data }: MessageEvent<FrameOrder>) => {
  const { pictures, frameRate } = data;
  const writers = data.sinks.map((sink) => sink.getWriter());
  let turn = 0;
  setInterval(() => {
    turn += 1;
    writers.forEach((writer, track) => {
      // A full track drops a frame, as it would of a camera.
      if ((writer.desiredSize ?? 1) <= 0) return;
      const picture = pictures[(turn + track * 3) % pictures.length]!;
      writer.write(new VideoFrame(picture, { timestamp: performance.now() * 1000 })).catch(() => {});
    });
  }, 1000 / frameRate);
});
