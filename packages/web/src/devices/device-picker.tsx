import type { DeviceKind, DeviceList } from '@potluck/client';
import { Camera, Mic, Volume2 } from 'lucide-react';
import { useText } from '../i18n/text.tsx';
import { Picker, type Choice } from '../ui/select.tsx';

const icons = { camera: Camera, microphone: Mic, speaker: Volume2 };

type DevicePickerProps = {
  kind: DeviceKind;
  devices: DeviceList;
  value: string | undefined;
  onChange(deviceId: string): void;
  labelHidden?: boolean;
};

/** Chooses a device of one kind. */
export function DevicePicker({ kind, devices, value, onChange, labelHidden = false }: DevicePickerProps) {
  const { preview } = useText();
  const found = devices[kind].map(({ id, label }): Choice => ({
    id,
    label: id === 'default' ? preview.systemDefault : label,
  }));
  const none = { camera: preview.noCamera, microphone: preview.noMicrophone, speaker: preview.systemDefault }[kind];
  const choices = found.length > 0 ? found : [{ id: '', label: none }];
  const chosen = choices.find(({ id }) => id === value) ?? choices[0]!;
  const Icon = icons[kind];
  return (
    <Picker
      label={preview[kind]}
      labelHidden={labelHidden}
      icon={<Icon size={18} aria-hidden="true" />}
      choices={choices}
      value={chosen.id}
      onChange={onChange}
      isDisabled={found.length === 0}
      testId={`${kind}-select`}
    />
  );
}
