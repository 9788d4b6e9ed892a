import type { en } from './en.ts';

/** The shape of a language: the same keys as English, functions with the same arguments. */
export type Texts = Same<typeof en>;

type Same<T> = T extends (...args: infer Args) => string
  ? (...args: Args) => string
  : T extends string
    ? string
    : { readonly [K in keyof T]: Same<T[K]> };
