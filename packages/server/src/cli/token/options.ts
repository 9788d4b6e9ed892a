import { parseArgs } from 'node:util';
import { messageOf } from '@potluck/kernel';
import { Permission, Role } from '@potluck/protocol';
import { z } from 'zod';
import { RoomClaim } from '../../access/claims.ts';

export const tokenUsage = `Usage: potluck token --room ROOM [flags]

Prints a token of the server on this machine, and a link that carries it. Whoever
has it enters the room without waiting, until it runs out.

  --room ROOM          the room it is good for; '*' for every room
  --role ROLE          ${Role.options.join(', ')} (default: speaker)
  --name NAME          the name its holder is shown under
  --hours HOURS        how long it is good for (default: 2)
  --allow A,B          rights beside those of the role
  --deny A,B           rights taken from the role; all of them:
                       ${wrapList(Permission.options)}
  --data-folder FOLDER where the server keeps its secret
  --config FILE        configuration of the server
  --bare               prints the token alone, for scripts`;

function wrapList(names: readonly string[]): string {
  return `${names.slice(0, 6).join(', ')},\n                       ${names.slice(6).join(', ')}`;
}

const list = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(z.array(Permission));

const TokenOptions = z.object({
  room: RoomClaim,
  role: Role.default('speaker'),
  name: z.string().min(1).max(64).optional(),
  hours: z.coerce.number().positive().max(8_760).default(2),
  allow: list.default([]),
  deny: list.default([]),
  'data-folder': z.string().min(1).optional(),
  config: z.string().min(1).optional(),
  bare: z.boolean().default(false),
});
export type TokenOptions = z.output<typeof TokenOptions>;

export type ReadOptions =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] }
  | ({ readonly kind: 'make' } & TokenOptions);

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

export function readTokenOptions(args: readonly string[]): ReadOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        room: text,
        role: text,
        name: text,
        hours: text,
        allow: text,
        deny: text,
        'data-folder': text,
        config: text,
        bare: flag,
        help: { ...flag, short: 'h' },
      },
    });
    if (values.help === true) return { kind: 'help' };
    const parsed = TokenOptions.safeParse(values);
    if (parsed.success) return { kind: 'make', ...parsed.data };
    return {
      kind: 'wrong',
      problems: parsed.error.issues.map(({ path, message }) => `--${String(path[0])}: ${message}`),
    };
  } catch (error) {
    return { kind: 'wrong', problems: [messageOf(error)] };
  }
}
