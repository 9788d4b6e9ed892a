import { z } from 'zod';

/** The part of JSON Schema that our own schemas become. */
export type Schema = z.infer<typeof Schema>;
export const Schema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  const: z.unknown().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});

export type Field = { readonly name: string; readonly what: string; readonly notes: string };

/** What an object has, one line a member; several forms of it one after the other. */
export function fieldsOf(value: unknown): Field[] {
  const schema = Schema.parse(value);
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms !== undefined) return forms.flatMap(fieldsOf);
  if (schema.properties === undefined) return [{ name: '', what: kindOf(schema), notes: schema.description ?? '' }];
  return Object.entries(schema.properties).map(([name, member]) => {
    const needed = schema.required?.includes(name) ?? false;
    return { name, what: kindOf(member), notes: notesOf(Schema.parse(member), needed) };
  });
}

function kindOf(value: unknown): string {
  const schema = Schema.parse(value);
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? '';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' or ');
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms !== undefined) return [...new Set(forms.map(kindOf))].join(' or ');
  if (schema.type === 'array') return `list of ${kindOf(schema.items ?? {})}`;
  if (schema.properties !== undefined) return `{ ${Object.keys(schema.properties).join(', ')} }`;
  return typeof schema.type === 'string' ? schema.type : 'anything';
}

function notesOf(schema: z.infer<typeof Schema>, needed: boolean): string {
  const { description, minimum, maximum, minLength, maxLength } = schema;
  const bounds = [
    minimum !== undefined && maximum !== undefined && `${minimum} to ${maximum}`,
    maxLength !== undefined && `${minLength ?? 0} to ${maxLength} characters`,
    schema.default !== undefined && `${JSON.stringify(schema.default)} if absent`,
    !needed && schema.default === undefined && 'optional',
  ];
  return [bounds.filter(Boolean).join('; '), description].filter(Boolean).join('. ');
}
