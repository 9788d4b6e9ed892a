import type { Unsubscribe } from '@potluck/kernel';

export type DeviceKind = 'microphone' | 'camera' | 'speaker';
export type DeviceList = { readonly [kind in DeviceKind]: readonly { readonly id: string; readonly label: string }[] };
export type PermissionAnswer = 'granted' | 'denied' | 'prompt' | 'unknown';

const kinds: { readonly [kind in MediaDeviceKind]: DeviceKind } = {
  audioinput: 'microphone',
  videoinput: 'camera',
  audiooutput: 'speaker',
};
const words: { readonly [kind in DeviceKind]: string } = {
  microphone: 'Microphone',
  camera: 'Camera',
  speaker: 'Speaker',
};

const browserDevices = (): MediaDevices | undefined =>
  typeof navigator === 'undefined' ? undefined : navigator.mediaDevices;

/**
 * The devices of this machine by kind. Browsers hide labels, and all but one device of a kind, until the user has
 * allowed one: hidden labels are numbered. Empty where there is no access (insecure page, Node).
 */
export async function listDevices(mediaDevices = browserDevices()): Promise<DeviceList> {
  if (mediaDevices?.enumerateDevices === undefined) return { microphone: [], camera: [], speaker: [] };
  return sortDevices(await mediaDevices.enumerateDevices());
}

/** The list in order, without what browsers show twice (`default` and `communications` on Windows are aliases). */
export function sortDevices(found: readonly Pick<MediaDeviceInfo, 'deviceId' | 'kind' | 'label'>[]): DeviceList {
  const list: { [kind in DeviceKind]: { id: string; label: string }[] } = { microphone: [], camera: [], speaker: [] };
  for (const { deviceId, kind, label } of found) {
    const devices = list[kinds[kind]];
    if (deviceId === '' || deviceId === 'communications' || devices.some(({ id }) => id === deviceId)) continue;
    devices.push({ id: deviceId, label: label || `${words[kinds[kind]]} ${devices.length + 1}` });
  }
  return list;
}

/** Calls `onChange` with the new list when a device is plugged in or out. */
export function watchDevices(onChange: (devices: DeviceList) => void, mediaDevices = browserDevices()): Unsubscribe {
  if (mediaDevices === undefined) return () => {};
  const changed = () => {
    listDevices(mediaDevices).then(onChange, () => {});
  };
  mediaDevices.addEventListener('devicechange', changed);
  return () => mediaDevices.removeEventListener('devicechange', changed);
}

/** Whether the user has allowed the device; `unknown` where the browser does not tell. */
export async function permissionOf(kind: 'microphone' | 'camera'): Promise<PermissionAnswer> {
  if (typeof navigator === 'undefined' || navigator.permissions === undefined) return 'unknown';
  try {
    return (await navigator.permissions.query({ name: kind })).state;
  } catch {
    // Firefox does not know these names.
    return 'unknown';
  }
}

/**
 * The device to use: the remembered one if it is there, else one of the same label (ids change when a browser forgets
 * a site), else none, which means the system's default.
 */
export function pickDevice(
  devices: readonly { readonly id: string; readonly label: string }[],
  remembered: { id?: string; label?: string } | undefined,
): string | undefined {
  if (remembered === undefined) return undefined;
  const found =
    devices.find(({ id }) => id === remembered.id) ?? devices.find(({ label }) => label === remembered.label);
  return found?.id;
}
