import { z } from 'zod';

const maxChars = 4096;
/** What the sender of too large a one is told. */
export const appDataTooLarge = `appData must be at most ${maxChars} characters of JSON`;
/** Whether it may go to everyone: its length as JSON, in UTF-16 units. */
export const isSmallAppData = (appData: unknown): boolean => JSON.stringify(appData ?? {}).length <= maxChars;

/**
 * What a client attaches to its producer for the others. Always an object when it leaves the server; Android sends the
 * JSON text of one, iOS nothing. Bounded, because it goes to everyone.
 */
export const AppData = z
  .unknown()
  .optional()
  .refine((value) => typeof value !== 'string' || value.length <= maxChars, appDataTooLarge)
  .transform((value): { [name: string]: unknown } => {
    const object = typeof value === 'string' ? parseObject(value) : value;
    return typeof object === 'object' && object !== null && !Array.isArray(object) ? { ...object } : {};
  })
  .refine(isSmallAppData, appDataTooLarge);
export type AppData = z.output<typeof AppData>;

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
