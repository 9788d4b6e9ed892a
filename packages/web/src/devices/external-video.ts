/** A film that plays in place of camera and microphone. `close` ends it. */
export type ExternalVideo = {
  readonly video: MediaStreamTrack | undefined;
  readonly audio: MediaStreamTrack | undefined;
  close(): void;
};
