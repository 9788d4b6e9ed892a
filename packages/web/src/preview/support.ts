/** What the page cannot do here, before anything is tried. */
export type Obstacle = 'insecure' | 'unsupported';

export function obstacle(): Obstacle | undefined {
  if (typeof RTCPeerConnection === 'undefined') return 'unsupported';
  if (!window.isSecureContext) return 'insecure';
  return navigator.mediaDevices === undefined ? 'unsupported' : undefined;
}
