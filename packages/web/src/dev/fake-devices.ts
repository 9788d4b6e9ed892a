import { fakeCamera, hum } from './fake-media.ts';

/** Devices as a laptop has them, with a drawn person before the camera. `refused`: the user does not allow them. */
export function fakeDevices(refused: boolean): void {
  const device = (kind: MediaDeviceKind, deviceId: string, label: string) => ({ kind, deviceId, label, groupId: '' });
  const all = [
    device('videoinput', 'camera', 'FaceTime HD Camera'),
    device('audioinput', 'headset', 'Jabra Evolve 20 (0b0e:0301)'),
    device('audioinput', 'built-in', 'MacBook Microphone'),
    device('audiooutput', 'speaker', 'MacBook Speakers'),
  ];
  const open = async ({ video }: MediaStreamConstraints = {}) => {
    if (refused) throw new DOMException('Permission denied', 'NotAllowedError');
    return new MediaStream([video ? fakeCamera(16) : hum()]);
  };
  Object.assign(navigator.mediaDevices, { getUserMedia: open, enumerateDevices: async () => all });
}
