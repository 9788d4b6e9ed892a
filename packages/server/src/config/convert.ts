import type { SettingKind } from './setting.ts';

const flags: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);

/** Text of the environment or of a flag as the value it stands for; what cannot be converted stays text and fails the check. */
export function fromText(text: string, kind: SettingKind): unknown {
  switch (kind) {
    case 'number':
      return /^-?\d+(\.\d+)?$/u.test(text.trim()) ? Number(text) : text;
    case 'flag':
      return flags.get(text.trim().toLowerCase()) ?? text;
    case 'list':
      return text.split(/[\s,]+/u).filter((item) => item !== '');
    case 'text':
      return text;
  }
}
