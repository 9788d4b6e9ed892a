/**
 * A failure that is told to the person at the terminal in one sentence; `remedy` is what to type or do about it, and
 * `log` the tail of what a tool said.
 */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {{ remedy?: string | undefined, tail?: string[], cause?: unknown }} [more]
   */
  constructor(message, { remedy, tail, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'SetupError';
    this.remedy = remedy;
    this.tail = tail ?? [];
  }
}

/** The set-up was told to stop. It is no failure, and nothing needs to be said about it. */
export class Stopped extends Error {
  constructor() {
    super('stopped');
    this.name = 'Stopped';
  }
}

/** @type {Record<string, string>} */
const systemSentences = {
  ENOSPC: 'The disk is full.',
  EDQUOT: 'The disk quota of this user is used up.',
  EACCES: 'This user may not write there.',
  EPERM: 'This user may not do that.',
  EROFS: 'The file system is read-only.',
  EMFILE: 'Too many files are open.',
  ENOMEM: 'The memory is used up.',
};

/**
 * Turns whatever was thrown into a SetupError that says which task it hit, and never shows a stack trace.
 * @param {unknown} error
 * @param {string} task what could not be done, in words that follow "could not": "copy the sources"
 * @returns {SetupError | Stopped}
 */
export function explain(error, task) {
  if (error instanceof SetupError || error instanceof Stopped) return error;
  const { code, path, dest, message } = /** @type {NodeJS.ErrnoException & { dest?: string }} */ (
    error instanceof Error ? error : new Error(String(error))
  );
  const known = code === undefined ? undefined : systemSentences[code];
  // Of a move or a link, the place where it goes is the one that may refuse it.
  const place = dest ?? path;
  const where = place === undefined ? '' : ` (${place})`;
  return new SetupError(`Could not ${task}${where}: ${known ?? message}`, { cause: error });
}

/**
 * The reason hidden in a tool's output that the person must know whatever the tool was doing, or undefined.
 * @param {string[]} lines
 * @returns {string | undefined}
 */
export function reasonInOutput(lines) {
  const text = lines.join('\n');
  if (/No space left on device|ENOSPC/i.test(text)) return systemSentences['ENOSPC'];
  if (/Disk quota exceeded|EDQUOT/i.test(text)) return systemSentences['EDQUOT'];
  if (/internal compiler error: Killed|fatal error: Killed signal|out of memory|Cannot allocate memory/i.test(text)) {
    return systemSentences['ENOMEM'];
  }
  if (/Read-only file system|EROFS/i.test(text)) return systemSentences['EROFS'];
  if (/Permission denied|EACCES/i.test(text)) return systemSentences['EACCES'];
  return undefined;
}
