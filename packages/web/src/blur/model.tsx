// Vite only: its `?url` imports give the addresses of built files.
// oxlint-disable-next-line import/default -- made by Emscripten, CommonJS
import createModule from '@twilio/video-processors/dist/build/tflite-simd-1-0-0.js';
// oxlint-disable-next-line import/default -- an address, made by Vite
import wasmUrl from '@twilio/video-processors/dist/build/tflite-simd-1-0-0.wasm?url';
// oxlint-disable-next-line import/default -- an address, made by Vite
import modelUrl from '@twilio/video-processors/dist/build/selfie_segmentation_landscape.tflite?url';
import type { Segmenter } from './segmenter.ts';

/** MediaPipe's model of where a person is in a picture (256 × 144), run by TensorFlow Lite in WebAssembly. */
export async function loadSegmenter(): Promise<Segmenter> {
  const [wasmBinary, model] = await Promise.all([fetchBytes(wasmUrl), fetchBytes(modelUrl)]);
  const engine = await createModule({ wasmBinary, locateFile: () => wasmUrl, print: quiet, printErr: quiet });
  engine.HEAPU8.set(new Uint8Array(model), engine._getModelBufferMemoryOffset());
  if (engine._loadModel(model.byteLength) !== 0) throw new Error('the model could not be loaded');
  const width = engine._getInputWidth();
  const height = engine._getInputHeight();
  return {
    width,
    height,
    segment(pixels, said) {
      const input = engine._getInputMemoryOffset() / 4;
      for (let from = 0, to = input; from < pixels.length; from += 4, to += 3) {
        engine.HEAPF32[to] = (pixels[from] ?? 0) / 255;
        engine.HEAPF32[to + 1] = (pixels[from + 1] ?? 0) / 255;
        engine.HEAPF32[to + 2] = (pixels[from + 2] ?? 0) / 255;
      }
      engine._runInference();
      const output = engine._getOutputMemoryOffset() / 4;
      said.set(engine.HEAPF32.subarray(output, output + width * height));
    },
  };
}

/** It tells the console of each model that it loads. */
const quiet = () => {};

async function fetchBytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.arrayBuffer();
}
