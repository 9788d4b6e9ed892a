import { isLanguage, type Language } from '../i18n/languages.ts';
import { createStore } from './store.ts';

export type Theme = 'auto' | 'light' | 'dark';

/** What this browser remembers of its user. Stays in the browser. */
export type Preferences = {
  readonly displayName: string;
  /** Undefined: the browser's. */
  readonly language: Language | undefined;
  readonly theme: Theme;
  readonly cameraId: string | undefined;
  readonly microphoneId: string | undefined;
  readonly speakerId: string | undefined;
  readonly cameraOn: boolean;
  readonly microphoneOn: boolean;
  readonly noiseSuppression: boolean;
  readonly backgroundBlur: boolean;
  readonly mirrorSelf: boolean;
  readonly hideSelf: boolean;
  readonly sounds: boolean;
};

const key = 'potluck.preferences';

export const defaultPreferences: Preferences = {
  displayName: '',
  language: undefined,
  theme: 'auto',
  cameraId: undefined,
  microphoneId: undefined,
  speakerId: undefined,
  cameraOn: true,
  microphoneOn: true,
  noiseSuppression: false,
  backgroundBlur: false,
  mirrorSelf: true,
  hideSelf: false,
  sounds: true,
};

/** Reads what was stored, by this or another version of the app: whatever does not fit is forgotten. */
export function readPreferences(stored: string | null | undefined): Preferences {
  const found = parseObject(stored);
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, 512) : undefined);
  const flag = (
    name: 'cameraOn' | 'microphoneOn' | 'noiseSuppression' | 'backgroundBlur' | 'mirrorSelf' | 'hideSelf' | 'sounds',
  ) => {
    const value = found[name];
    return typeof value === 'boolean' ? value : defaultPreferences[name];
  };
  return {
    displayName: text(found['displayName'])?.slice(0, 80) ?? '',
    language: isLanguage(found['language']) ? found['language'] : undefined,
    theme: found['theme'] === 'light' || found['theme'] === 'dark' ? found['theme'] : 'auto',
    cameraId: text(found['cameraId']),
    microphoneId: text(found['microphoneId']),
    speakerId: text(found['speakerId']),
    cameraOn: flag('cameraOn'),
    microphoneOn: flag('microphoneOn'),
    noiseSuppression: flag('noiseSuppression'),
    backgroundBlur: flag('backgroundBlur'),
    mirrorSelf: flag('mirrorSelf'),
    hideSelf: flag('hideSelf'),
    sounds: flag('sounds'),
  };
}

function parseObject(stored: string | null | undefined): { [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(stored ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

export const preferences = createStore(readPreferences(storage()?.getItem(key)), (next) =>
  storage()?.setItem(key, JSON.stringify(next)),
);

export function prefer(change: Partial<Preferences>): void {
  preferences.set({ ...preferences.get(), ...change });
}

/** Absent in Node, and where the user forbids it. */
export function storage(): Storage | undefined {
  try {
    return typeof localStorage === 'undefined' ? undefined : localStorage;
  } catch {
    return undefined;
  }
}
