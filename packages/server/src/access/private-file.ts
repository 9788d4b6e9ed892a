import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, messageOf, systemCodeOf, type Logger } from '@potluck/kernel';

export type SecretFile = {
  folder: string;
  name: string;
  /** What the secret is for, as the log says it. */
  what: string;
  log: Logger;
};

/** 32 random bytes in base64url, kept in a file that only this account may read; made when there is none. */
export async function keptSecret({ folder, name, what, log }: SecretFile): Promise<string> {
  const file = join(folder, name);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (await makeOnce(file)) log.info(`${what} made`, { file });
    const mode = (await stat(file)).mode & 0o777;
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      await chmod(file, 0o600);
      log.warn(`${what} could be read by other accounts; closed now, but it may be known`, { file });
    }
    const text = (await readFile(file, 'utf8')).trim();
    if (/^[\w-]{43,}$/u.test(text)) return text;
  } catch (error) {
    const reason = messageOf(error);
    throw new AppError('unavailable', `The file ${file} cannot be used (${reason}).`, { cause: error });
  }
  throw new AppError('unavailable', `The file ${file} holds no secret of ours; delete it, and a new one is made.`);
}

/** Whole or not at all, and never over one that another process has just made. */
async function makeOnce(file: string): Promise<boolean> {
  const known = await stat(file).then(
    () => true,
    (error: unknown) => {
      if (systemCodeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
  if (known) return false;
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}
