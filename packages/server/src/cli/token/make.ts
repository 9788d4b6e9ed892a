import { AppError, silentLog } from '@potluck/kernel';
import { issueToken } from '../../access/issuing.ts';
import { tokenLink } from '../../access/link.ts';
import { tokenSecret } from '../../access/open.ts';
import { loadConfig } from '../../config/load.ts';
import { readFlags } from '../../config/flags.ts';
import { showProblems } from '../../config/source.ts';
import { linksOf, networkAddresses } from '../../edge/links.ts';
import type { TokenOptions } from './options.ts';

type Place = { env: { readonly [name: string]: string | undefined }; folder: string };

/** The lines to print. Rejects with one sentence. */
export async function makeToken(options: TokenOptions, { env, folder }: Place): Promise<string> {
  const { room, role, name, hours, allow, deny, bare, config: configFile, 'data-folder': dataFolder } = options;
  const given = [configFile && `--config=${configFile}`, dataFolder && `--data-folder=${dataFolder}`];
  const result = await loadConfig({ commandLine: readFlags(given.filter((flag) => flag !== undefined)), env, folder });
  if (result.kind === 'refused') throw new Error(showProblems(result.problems));
  const { access, data, https, http } = result.config;
  if (hours > access.maxTokenHours) {
    throw new AppError('bad_request', `a token may be good for ${access.maxTokenHours} hours (--max-token-hours)`);
  }
  const secret = await tokenSecret(data.folder, silentLog);
  const { token, expiresAt } = await issueToken(secret, {
    room,
    role,
    name,
    allow,
    deny,
    lifetimeSeconds: Math.round(hours * 3_600),
  });
  if (bare) return token;
  const links = linksOf({
    httpsPort: https.port,
    httpPort: http.enabled ? http.port : undefined,
    domain: https.domain,
    addresses: networkAddresses(),
  });
  const where = room === '*' ? 'every room' : `the room ${room}`;
  return [
    `A ${role} of ${where} until ${expiresAt.toLocaleString('sv-SE')}. Who has it is let in: pass it on with care.`,
    '',
    token,
    '',
    tokenLink(links, token, room === '*' ? undefined : room),
  ].join('\n');
}
