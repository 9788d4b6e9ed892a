import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownNotices, ownRequests, serverRequests, v3Notices, v3Requests } from '@potluck/protocol';
import type { z } from 'zod';
import { readComments, type Comments } from './comments.ts';
import { definitionOf, inWords, nameOf, toJson, type Json } from './schema.ts';

type Message = {
  readonly summary: string;
  readonly input?: z.ZodType;
  readonly output?: z.ZodType;
  readonly data?: z.ZodType;
};
type Row = { readonly path: string; readonly json: Json; readonly required: boolean; readonly about: string };

/** docs/protocol.md: the introduction, then every message with its fields, then the types that they share. */
export function protocolDocs(root: string): string {
  const comments = readComments(join(root, 'packages/protocol/src'));
  const types = new Set<string>();
  const write = (messages: { readonly [name: string]: Message }) =>
    Object.entries(messages)
      .map(([name, message]) => section(name, message, { comments, types }))
      .join('\n\n');
  const parts = [
    readFileSync(join(root, 'docs/protocol.intro.md'), 'utf8').trim(),
    '<!-- Everything below is made from packages/protocol by scripts/docs.ts; change it there. -->',
    `## Parameters of the connection URL\n\n${table(definitionOf('ConnectionQuery') ?? {}, 'ConnectionQuery', { comments, types })}`,
    `## Requests of the client\n\n### For every client\n\n${write(v3Requests)}`,
    `### For our own client\n\n${write(ownRequests)}`,
    `## Requests of the server\n\n${write(serverRequests)}`,
    `## Notifications of the server\n\n### For every client\n\n${write(v3Notices)}`,
    `### For our own client\n\n${write(ownNotices)}`,
  ];
  return `${[...parts, `## Types\n\n${typeSections({ comments, types })}`].join('\n\n')}\n`;
}

type Context = { readonly comments: Comments; readonly types: Set<string> };

function section(name: string, { summary, input, output, data }: Message, context: Context): string {
  const fields = (schema: z.ZodType | undefined) => (schema ? table(toJson(schema), name, context) : '');
  const sent = fields(data ?? input);
  const answer = fields(output);
  return [
    `#### \`${name}\``,
    summary,
    sent || 'No data.',
    ...(answer === '' ? [] : [answer.startsWith('|') ? `Answer:\n\n${answer}` : `Answer: ${answer}`]),
  ].join('\n\n');
}

/** A table of an object's fields, or one sentence for what is no object. Empty for an empty object. */
function table(json: Json, owner: string, context: Context): string {
  remember(json, context.types);
  if (!json.properties) return `${inWords(json).replace(/^./, (first) => first.toUpperCase())}.`;
  const rows = rowsOf(json, owner, context);
  if (rows.length === 0) return '';
  const lines = rows.map(
    ({ path, json: type, required, about }) =>
      `| \`${path}\`${required ? '' : ' ?'} | ${inWords(type)} | ${about.replaceAll('|', '\\|')} |`,
  );
  return ['| field | type | |', '| --- | --- | --- |', ...lines].join('\n');
}

/** Fields, those of nested objects and lists included, as paths. */
function rowsOf(json: Json, owner: string, context: Context, prefix = ''): Row[] {
  return Object.entries(json.properties ?? {}).flatMap(([name, member]) => {
    remember(member, context.types);
    const path = `${prefix}${name}`;
    const about = context.comments.field(owner, name) ?? member.description ?? '';
    const nested = member.type === 'array' ? member.items : member;
    const inner = nested?.properties
      ? rowsOf(nested, owner, context, `${path}${member.type === 'array' ? '[]' : ''}.`)
      : [];
    return [{ path, json: member, required: json.required?.includes(name) ?? false, about }, ...inner];
  });
}

/** Notes which named types are mentioned, however deep, so that each gets its section. */
function remember(json: Json, types: Set<string>): void {
  const name = nameOf(json);
  if (name !== undefined) types.add(name);
  for (const inner of [json.items, ...(json.anyOf ?? []), ...Object.values(json.properties ?? {})]) {
    if (inner) remember(inner, types);
  }
}

function typeSections(context: Context): string {
  const done = new Map<string, string>();
  // Writing one section may mention further types: a set that grows is walked to its end.
  for (const name of context.types) done.set(name, typeSection(name, context));
  return [...done]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([, text]) => text)
    .join('\n\n');
}

function typeSection(name: string, context: Context): string {
  const definition = definitionOf(name) ?? {};
  const about = context.comments.of(name);
  const body = definition.enum
    ? `One of ${definition.enum.map((value) => `\`${String(value)}\``).join(', ')}.`
    : table(definition, name, context);
  const says = body !== 'Anything.' || about === undefined;
  return [`### ${name}`, ...(about === undefined ? [] : [about]), ...(says ? [body] : [])].join('\n\n');
}
