import type { EncryptionOptions } from '@potluck/client';

/** How a call is encrypted end to end, with the key of the link. */
export const encryptionOptions = (key: string): EncryptionOptions => ({
  key,
  worker: () => new Worker(new URL('./frame-worker.ts', import.meta.url), { type: 'module' }),
});
