/** What can be said of anything that was thrown. */

/** An error's message, without its stack; of what is no error, itself. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The `code` that Node and many libraries give their errors, like `ENOENT`; `undefined` where there is none. */
export const systemCodeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
