import * as protocol from '@potluck/protocol';
import { z } from 'zod';

/** The part of JSON Schema that zod writes for the messages. */
export type Json = {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Json[];
  readonly items?: Json;
  readonly properties?: { readonly [name: string]: Json };
  readonly required?: readonly string[];
  readonly additionalProperties?: Json | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly description?: string;
};

/** Types with a section of their own. Ids are short enough to be written out where they stand. */
const named = new Map<string, z.ZodType>();
for (const [name, value] of Object.entries<unknown>(protocol)) {
  if (value instanceof z.ZodType && /^[A-Z]/.test(name) && !name.endsWith('Id')) named.set(name, value);
}
const names = new Map([...named].map(([name, schema]) => [schema, name]));
const registry = z.registry<{ id: string }, z.ZodType>();
for (const [name, schema] of named) registry.add(schema, { id: name });

/** What may stand on the wire. Of values that are cleaned on arrival this is the form before. */
function write(schema: z.ZodType): Json & { $defs?: { [name: string]: Json } } {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    metadata: registry,
    override: ({ zodSchema, jsonSchema }) => {
      // Descriptions stand in zod's own registry, beside ours.
      const description = zodSchema instanceof z.ZodType ? z.globalRegistry.get(zodSchema)?.description : undefined;
      if (description !== undefined) jsonSchema.description = description;
    },
  }) as Json;
}

export function toJson(schema: z.ZodType): Json {
  const name = names.get(schema);
  return name === undefined ? write(schema) : { $ref: `#/$defs/${name}` };
}

/** The definition behind a name. */
export function definitionOf(name: string): Json | undefined {
  const schema = named.get(name);
  const json = schema && write(schema);
  return json?.$ref === undefined ? json : json.$defs?.[name];
}

export const nameOf = ({ $ref }: Json): string | undefined => $ref?.split('/').at(-1);

/** A type in words, for a cell of a table. */
export function inWords(json: Json): string {
  const name = nameOf(json);
  if (name !== undefined) return `[${name}](#${name.toLowerCase()})`;
  if (json.const !== undefined) return code(json.const);
  if (json.enum) return json.enum.length > 6 ? 'one of those below' : json.enum.map(code).join(', ');
  if (json.anyOf) return [...new Set(json.anyOf.map(inWords))].join(' or ');
  switch (json.type) {
    case 'string':
      return `text${range(json.minLength, json.maxLength, ' characters')}`;
    case 'integer':
      return `whole number${range(json.minimum, json.maximum)}`;
    case 'number':
      return `number${range(json.minimum, json.maximum)}`;
    case 'boolean':
      return '`true`, `false`';
    case 'null':
      return '`null`';
    case 'array':
      return `list of ${json.items ? inWords(json.items) : 'anything'}${range(json.minItems, json.maxItems)}`;
    case 'object':
      return json.properties && Object.keys(json.properties).length > 0 ? 'object' : 'object of anything';
    default:
      return 'anything';
  }
}

const code = (value: unknown) => `\`${JSON.stringify(value)}\``.replaceAll('"', '');

function range(min: number | undefined, max: number | undefined, unit = ''): string {
  // The largest safe integer is zod's way of saying «whole number» and no bound that anyone chose.
  const [from, to] = [
    min === undefined || min < -1e12 ? undefined : min,
    max === undefined || max > 1e13 ? undefined : max,
  ];
  if (from === undefined && to === undefined) return '';
  const number = (value: number) => value.toLocaleString('en');
  if (to === undefined) return ` (at least ${number(from ?? 0)}${unit})`;
  return from === undefined ? ` (at most ${number(to)}${unit})` : ` (${number(from)} to ${number(to)}${unit})`;
}
