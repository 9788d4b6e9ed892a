/** To the worker: pictures come on a stream where there are such streams, else one by one. */
export type ToBlurWorker =
  | {
      readonly kind: 'stream';
      readonly readable: ReadableStream<VideoFrame>;
      readonly writable: WritableStream<VideoFrame>;
    }
  | { readonly kind: 'picture'; readonly picture: ImageBitmap };

/** From the worker. `failed`: it cannot begin. `tooSlow`: it has not kept up for a while. */
export type FromBlurWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'tooSlow' }
  | { readonly kind: 'painted'; readonly picture: ImageBitmap };
