import { X509Certificate, createPrivateKey } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { AppError, messageOf, systemCodeOf, type Logger } from '@potluck/kernel';
import type { TlsPair } from './listener.ts';

const aDayMs = 86_400_000;
/** Apple's systems refuse server certificates valid for longer than 825 days, self-signed ones too. */
const validDays = 800;
const renewDaysBefore = 30;
const commonName = 'Potluck, self-signed';

/** Names and addresses that a browser may reach this machine by. */
export function ownNames(extra: readonly string[] = []): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    // A zoned address (fe80::1%eth0) cannot stand in a URL.
    .filter(({ scopeid }) => !scopeid)
    .map(({ address }) => address);
  const host = hostname();
  return [
    ...new Set([
      'localhost',
      '127.0.0.1',
      '::1',
      ...(isDnsName(host) ? [host, `${host}.local`] : []),
      ...addresses,
      ...extra,
    ]),
  ];
}

const isDnsName = (name: string): boolean => /^[a-z\d][a-z\d-]{0,62}(\.[a-z\d][a-z\d-]{0,62})*$/iu.test(name);

/** The self-signed certificate in `folder`, made anew when it is missing, near its end, or lacks one of the names. */
export async function selfSigned(
  folder: string,
  names: readonly string[],
  log: Logger,
  now = new Date(),
): Promise<TlsPair> {
  const certFile = join(folder, 'self-signed.crt');
  const keyFile = join(folder, 'self-signed.key');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const kept = await readPair(certFile, keyFile);
    const flaw = kept === undefined ? 'there was none' : flawOf(kept, names, now);
    if (kept !== undefined && flaw === undefined) return kept;
    const made = await make(names, now);
    // The key first: a certificate without its key would be taken for a broken pair and made anew, nothing worse.
    await writePrivate(keyFile, made.key);
    await writePrivate(certFile, made.cert);
    log.info('self-signed certificate made', { because: flaw, file: certFile, validDays });
    return made;
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    const reason = messageOf(error);
    throw new AppError(
      'unavailable',
      `The data folder ${folder} cannot be used (${reason}); choose another with --data-folder.`,
      {
        cause: error,
      },
    );
  }
}

async function readPair(certFile: string, keyFile: string): Promise<TlsPair | undefined> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
    return { cert, key };
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Why the pair can be used no longer. */
function flawOf({ cert, key }: TlsPair, names: readonly string[], now: Date): string | undefined {
  try {
    const certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key))) return 'certificate and key did not fit';
    if (certificate.validFromDate > now) return 'it was not valid yet';
    if (certificate.validToDate.getTime() - now.getTime() < renewDaysBefore * aDayMs) return 'it was near its end';
    const missing = names.find((name) => !covers(certificate, name));
    return missing === undefined ? undefined : `it lacked ${missing}`;
  } catch {
    return 'it could not be read';
  }
}

const covers = (certificate: X509Certificate, name: string): boolean =>
  (isIP(name) === 0 ? certificate.checkHost(name, { subject: 'never' }) : certificate.checkIP(name)) !== undefined;

async function make(names: readonly string[], now: Date): Promise<TlsPair> {
  // Loaded only when one is made: most starts do not.
  const { generate } = await import('selfsigned');
  const { cert, private: key } = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // Clocks of phones and machines differ a little.
    notBeforeDate: new Date(now.getTime() - aDayMs),
    notAfterDate: new Date(now.getTime() + validDays * aDayMs),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
      },
    ],
  });
  return { cert, key };
}

/** Never readable by others, not even for a moment, and never half written. */
async function writePrivate(file: string, content: string): Promise<void> {
  const draft = `${file}.new`;
  await writeFile(draft, content, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
}
