import { readFile } from 'node:fs/promises';
import { unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { AppError, messageOf, type Logger, type Tasks } from '@potluck/kernel';
import type { TlsPair } from './listener.ts';

export type TlsFiles = { certificateFile: string; privateKeyFile: string };

/** Reads a certificate and its key. Rejects with one sentence that names the file, or both if they do not fit. */
export async function readTlsFiles({ certificateFile, privateKeyFile }: TlsFiles): Promise<TlsPair> {
  const [cert, key] = await Promise.all([
    readPem(certificateFile, 'certificate', '--certificate-file'),
    readPem(privateKeyFile, 'private key', '--private-key-file'),
  ]);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const reason = messageOf(error);
    throw new AppError(
      'unavailable',
      `The certificate ${certificateFile} and the key ${privateKeyFile} cannot be used together (${reason}); both must be PEM files and belong to each other.`,
      { cause: error },
    );
  }
  return { cert, key };
}

async function readPem(file: string, what: string, flag: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = messageOf(error);
    throw new AppError('unavailable', `The ${what} ${file} cannot be read (${reason}); set another with ${flag}.`, {
      cause: error,
    });
  }
}

/**
 * Calls `onChange` with the new pair when the files have changed and fit together; until then the old one stays. Looks
 * every `everyMs` at what the names lead to, for renewal tools swap symbolic links. Returns what stops it.
 */
export function watchTlsFiles(
  files: TlsFiles,
  { onChange, log, tasks, everyMs }: { onChange: (pair: TlsPair) => void; log: Logger; tasks: Tasks; everyMs: number },
): () => void {
  let taken: TlsPair | undefined;
  const reload = async () => {
    try {
      const pair = await readTlsFiles(files);
      // Both files changed, and each of them called.
      if (pair.cert === taken?.cert && pair.key === taken.key) return;
      taken = pair;
      onChange(pair);
      log.info('certificate reloaded', { file: files.certificateFile });
    } catch (error) {
      // Also the moment between the two writes; the second one brings us here again.
      log.warn('changed certificate not taken, the old one stays', { error });
    }
  };
  const changed = () => tasks.spawn('reload certificate', reload());
  const paths = [files.certificateFile, files.privateKeyFile];
  for (const path of paths) watchFile(path, { persistent: false, interval: everyMs }, changed);
  return () => {
    for (const path of paths) unwatchFile(path, changed);
  };
}
