/** To the worker: pictures come on a stream where there are such streams, else one by one. `narrow`: paint smaller ones. */
export type ToBlurWorker =
  | {
      readonly kind: 'stream';
      readonly readable: ReadableStream<VideoFrame>;
      readonly writable: WritableStream<VideoFrame>;
    }
  | { readonly kind: 'picture'; readonly picture: ImageBitmap }
  | { readonly kind: 'narrow' };

/** From the worker. `failed`: it cannot begin. `painted`: so long it took; the picture, if one by one. */
export type FromBlurWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'painted'; readonly ms: number; readonly picture?: ImageBitmap };
