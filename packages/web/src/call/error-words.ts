import { isErrorCode } from '@potluck/kernel';
import type { Texts } from '../i18n/texts.ts';

/** What failed, in the words of the app: what servers and browsers say of it is English, whoever reads it. */
export function errorWords(error: unknown, { errors }: Pick<Texts, 'errors'>): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return errors[isErrorCode(code) ? code : 'browser'];
}
