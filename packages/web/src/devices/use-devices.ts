import { listDevices, watchDevices, type DeviceList } from '@potluck/client';
import { useEffect, useState } from 'react';

const none: DeviceList = { microphone: [], camera: [], speaker: [] };

/** The devices of this machine, kept up to date. `again` changes when labels may have become readable. */
export function useDevices(again: unknown): DeviceList {
  const [devices, setDevices] = useState(none);
  useEffect(() => {
    let gone = false;
    const show = (list: DeviceList) => {
      if (!gone) setDevices(list);
    };
    listDevices().then(show, () => {});
    const off = watchDevices(show);
    return () => {
      gone = true;
      off();
    };
  }, [again]);
  return devices;
}
