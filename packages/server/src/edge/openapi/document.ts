import { errorTable } from '@potluck/kernel';
import {
  doorRoutes,
  DtlsParameters,
  httpRoutes,
  IceCandidate,
  linksRoutes,
  ProducerInfo,
  RtpCapabilities,
  RtpParameters,
  SctpParameters,
  SctpStreamParameters,
} from '@potluck/protocol';
import { z } from 'zod';
import { adminRoutes } from '../admin/routes.ts';

export type Json = { readonly [name: string]: unknown };
type Route =
  | (typeof httpRoutes)[keyof typeof httpRoutes]
  | (typeof doorRoutes)[keyof typeof doorRoutes]
  | (typeof linksRoutes)[keyof typeof linksRoutes]
  | (typeof adminRoutes)[keyof typeof adminRoutes];

/** Schemas that several routes share: named, and referred to. */
const named = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries({
  RtpCapabilities,
  RtpParameters,
  DtlsParameters,
  IceCandidate,
  SctpParameters,
  SctpStreamParameters,
  ProducerInfo,
})) {
  named.add(schema, { id });
}

/** The HTTP interface as OpenAPI 3.1, made from the schemas that check it. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  const add = (routes: { readonly [name: string]: Route }, more: Json) => {
    for (const [name, route] of Object.entries(routes)) {
      const path = route.path.replaceAll(/:(\w+)/gu, '{$1}');
      paths[path] = { ...paths[path], [route.method]: { ...operation(name, route), ...more } };
    }
  };
  add(httpRoutes, {});
  add(doorRoutes, { security: [{}, { token: [] }] });
  add(linksRoutes, { security: [] });
  add(adminRoutes, { security: [{ apiKey: [] }] });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Potluck: broadcasters and administration over HTTP',
      version,
      description:
        'Lets ffmpeg, GStreamer, devices and scripts send media into a room and receive from it. The routes are those of ' +
        'mediasoup-demo v3, so its scripts work unchanged. Errors are text, as they were there; with ' +
        '`Accept: application/problem+json` they are RFC 9457 documents with more telling statuses. What stands under ' +
        '/api/v1 is for operators and integrators: rooms, who is in them, tokens. /api/door is for clients that were refused. Errors ' +
        'under /api are always RFC 9457.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{}, { broadcasterSecret: [] }],
    paths,
    components: {
      schemas: { ...sharedSchemas(), Problem },
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'The key in the file `api-key` of the data folder, or the setting `access.apiKey`.',
        },
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token that lets its holder into a room (docs/access.md).',
        },
        broadcasterSecret: {
          type: 'http',
          scheme: 'bearer',
          description:
            'The secret in the answer to the creation of a broadcaster. A wrong one is refused always; whether one is needed is a setting of the server.',
        },
      },
    },
  };
}

function operation(name: string, { summary, params, query, body, answer }: Route): Json {
  return {
    operationId: name,
    summary,
    parameters: [...parameters('path', params), ...parameters('query', query)],
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } },
    }),
    responses: {
      200: { description: answer.as === 'json' ? 'Done.' : 'Done; the answer says no more.', ...contentOf(answer) },
      default: {
        description: `Refused: ${statuses}.`,
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          'text/html': { schema: { type: 'string', description: 'Name: message' } },
        },
      },
    },
  };
}

const statuses = Object.values(errorTable)
  .map(({ status, title }) => `${status} ${title}`)
  .join(', ');

function contentOf(answer: Route['answer']): Json {
  switch (answer.as) {
    case 'json':
      return { content: { 'application/json': { schema: schemaOf(answer.schema) } } };
    case 'text':
      return { content: { 'text/html': { schema: { const: answer.text } } } };
    case 'empty':
      return {};
  }
}

function parameters(where: 'path' | 'query', schema: z.ZodObject): Json[] {
  return Object.entries<z.ZodType>(schema.shape).map(([name, member]) => ({
    name,
    in: where,
    required: true,
    schema: schemaOf(z.object({ member }), 'member'),
  }));
}

const conversion = {
  io: 'input',
  unrepresentable: 'any',
  metadata: named,
  // Descriptions stand in the global registry, which `metadata` replaces.
  override: ({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: { description?: string } }) => {
    const { description } = z.globalRegistry.get(zodSchema) ?? {};
    if (description !== undefined) jsonSchema.description = description;
  },
} as const;

/** A schema with references to the shared ones instead of copies of them. */
function schemaOf(schema: z.ZodType, member?: string): Json {
  const { $schema: _, $defs: __, ...rest } = z.toJSONSchema(schema, conversion);
  const part = member === undefined ? rest : rest.properties?.[member];
  return pointToComponents(typeof part === 'object' ? part : {});
}

function sharedSchemas(): Json {
  const { schemas } = z.toJSONSchema(named, { ...conversion, uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, pointToComponents(schema)]),
  );
}

function pointToComponents(schema: object): Json {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
  return z.looseObject({}).parse(JSON.parse(text));
}

const Problem = {
  type: 'object',
  description: 'RFC 9457.',
  required: ['type', 'title', 'status', 'detail', 'instance'],
  properties: {
    type: { type: 'string', enum: Object.keys(errorTable).map((code) => `/problems/${code}`) },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What was wrong, and what is allowed.' },
    instance: { type: 'string' },
  },
};
