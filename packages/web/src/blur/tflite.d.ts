declare module '@twilio/video-processors/dist/build/tflite-simd-1-0-0.js' {
  type Engine = {
    readonly HEAPU8: Uint8Array;
    readonly HEAPF32: Float32Array;
    _getModelBufferMemoryOffset(): number;
    _loadModel(bytes: number): number;
    _getInputWidth(): number;
    _getInputHeight(): number;
    _getInputMemoryOffset(): number;
    _getOutputMemoryOffset(): number;
    _runInference(): void;
  };
  const createModule: (options: {
    wasmBinary: ArrayBuffer;
    locateFile: () => string;
    print: () => void;
    printErr: () => void;
  }) => Promise<Engine>;
  // oxlint-disable-next-line import/no-default-export -- how it is
  export default createModule;
}
