/** Runs in the page, before the app: notes when each phase of joining is over. Must not refer to anything outside itself. */
export function watchPhases(): void {
  const marks: { [phase: string]: number } = {};
  const mark = (phase: string) => (marks[phase] ??= performance.now());
  Object.assign(globalThis, { __phases: marks });

  const NativeSocket = globalThis.WebSocket;
  globalThis.WebSocket = class extends NativeSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      mark('start');
      this.addEventListener('open', () => mark('socket open'));
      this.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (typeof data !== 'string') return;
        if (data.includes('"method":"welcome"')) mark('transports known');
        else if (data.includes('"participants":')) mark('entered');
        else if (data.includes('"method":"consumersOpened"')) mark('consumers offered');
      });
    }
  };

  const NativeConnection = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends NativeConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', ({ track }) => {
        mark('track there');
        if (this.connectionState === 'connected') mark('path up');
        else
          this.addEventListener('connectionstatechange', () => this.connectionState === 'connected' && mark('path up'));
        if (track.kind === 'video') void firstFrame(track);
      });
    }
  };

  async function firstFrame(track: MediaStreamTrack): Promise<void> {
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = new MediaStream([track]);
    video.requestVideoFrameCallback((_, { width, height }) => {
      if (width > 0 && height > 0) mark('first frame');
      video.srcObject = null;
    });
    await video.play();
  }
}

/** Runs in the page, before the app: media goes to the server by way of this address. */
export function goThrough(address: string): void {
  const { prototype } = RTCPeerConnection;
  // By name: of a class that extends the browser's own, it is further up.
  type Take = (this: RTCPeerConnection, description: RTCSessionDescriptionInit) => Promise<void>;
  const original: Take = Reflect.get(prototype, 'setRemoteDescription');
  const value = function (this: RTCPeerConnection, { type, sdp }: RTCSessionDescriptionInit) {
    return original.call(this, {
      type,
      ...(sdp !== undefined && { sdp: sdp.replaceAll(' 127.0.0.1 ', ` ${address} `) }),
    });
  };
  Object.defineProperty(prototype, 'setRemoteDescription', { value, configurable: true, writable: true });
}
