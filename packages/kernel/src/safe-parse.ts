import { z } from 'zod';

/**
 * `schema.safeParse` that never throws. zod compares the `length` of whatever is given before it looks at its type, and
 * `{ "length": { "toString": 0 } }` cannot be compared: found by bench/fuzz.
 */
export function safeParse<S extends z.ZodType>(schema: S, value: unknown): z.ZodSafeParseResult<z.output<S>> {
  try {
    return schema.safeParse(value);
  } catch {
    // A schema that takes nothing gives an error of the right kind.
    return z.never().safeParse(value);
  }
}
