import type { HttpRouteName } from '@potluck/protocol';
import { z } from 'zod';
import { escapeHtml as text } from '../broadcasters/errors.ts';
import type { Json } from './document.ts';
import { fieldsOf } from './fields.ts';

const Body = z.object({ content: z.record(z.string(), z.object({ schema: z.unknown().optional() })) });
const Operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  parameters: z.array(z.object({ name: z.string(), in: z.string() })),
  requestBody: Body.optional(),
  responses: z.object({ 200: z.looseObject({ content: Body.shape.content.optional() }) }).loose(),
});
const Document = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

/** The interface as one page of plain HTML: no script, no style but the one file beside it. */
export function apiPage(document: Json): string {
  const { info, paths, components } = Document.parse(document);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const list = operations.map(
    ({ method, path, operation }) =>
      `<li><a href="#${operation.operationId}"><b>${method}</b> <code>${text(path)}</code></a></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(info.title)}</title>
<link rel="stylesheet" href="/docs/api.css">
</head>
<body>
<main>
<h1>${text(info.title)}</h1>
<p>${code(info.description)}</p>
<p>Version ${text(info.version)}. For programs: <a href="/openapi.json"><code>/openapi.json</code></a> (OpenAPI 3.1).</p>
<nav aria-label="Routes"><ul>
${list.join('\n')}
</ul></nav>
${operations.map(section).join('\n')}
<h2>Shared schemas</h2>
${Object.entries(components.schemas)
  .map(([name, schema]) => `<section id="${text(name)}">\n<h3>${text(name)}</h3>\n${table(schema)}\n</section>`)
  .join('\n')}
</main>
</body>
</html>
`;
}

type Listed = { method: string; path: string; operation: z.infer<typeof Operation> };

function section({ method, path, operation }: Listed): string {
  const query = operation.parameters.filter((parameter) => parameter.in === 'query');
  const body = operation.requestBody?.content['application/json']?.schema;
  const [answer] = Object.values(operation.responses[200].content ?? {});
  return `<section id="${operation.operationId}">
<h2><b>${method}</b> <code>${text(path)}</code></h2>
<p>${code(operation.summary)}</p>
${query.map(({ name }) => `<p>Query: <code>${text(name)}</code>, needed.</p>`).join('\n')}
${body === undefined ? '' : `<h3>Body</h3>\n${table(body)}`}
<h3>Answer</h3>
${answer === undefined ? '<p>Empty.</p>' : table(answer.schema)}
<pre><code>${text(example(method, path, operation))}</code></pre>
</section>`;
}

function table(schema: unknown): string {
  const rows = fieldsOf(schema).map(
    ({ name, what, notes }) =>
      `<tr><th scope="row"><code>${text(name)}</code></th><td>${linked(what)}</td><td>${code(notes)}</td></tr>`,
  );
  return `<table>\n<thead><tr><th scope="col">Name</th><th scope="col">What</th><th scope="col">Notes</th></tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`;
}

/** A curl line to start from. */
function example(method: string, path: string, { operationId, parameters, requestBody }: Listed['operation']): string {
  const names: Record<string, string> = { roomId: 'kitchen', broadcasterId: 'oven', transportId: '$TRANSPORT' };
  const filled = path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => names[name] ?? `$${name}`);
  const query = parameters.filter(({ in: where }) => where === 'query').map(({ name }) => `${name}=$PRODUCER`);
  const url = `https://localhost:4443${filled}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  const sample = samples[operationId];
  const data = requestBody === undefined || sample === undefined ? '' : ` --json '${JSON.stringify(sample)}'`;
  return `curl -k ${method === 'GET' ? '' : `-X ${method} `}"${url}"${data}`;
}

const samples: { readonly [operationId in HttpRouteName | (string & {})]?: object } = {
  createBroadcaster: { id: 'oven', displayName: 'Oven', device: { name: 'ffmpeg' } },
  createTransport: { type: 'plain', rtcpMux: false, comedia: true },
  createProducer: {
    kind: 'audio',
    rtpParameters: {
      codecs: [{ mimeType: 'audio/opus', payloadType: 100, clockRate: 48_000, channels: 2 }],
      encodings: [{ ssrc: 1111 }],
    },
  },
  createDataProducer: { label: 'chat', sctpStreamParameters: { streamId: 0 } },
  createDataConsumer: { dataProducerId: '…' },
};

/** Text in which `…` marks code. */
const code = (words: string): string => text(words).replaceAll(/`([^`]+)`/gu, '<code>$1</code>');

/** Names of shared schemas lead to them. */
const linked = (what: string): string =>
  text(what).replaceAll(/\b([A-Z]\w+)\b/gu, (name: string) => `<a href="#${name}">${name}</a>`);

export const apiStyle = `:root { color-scheme: light dark; font: 16px/1.55 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { line-height: 1.2; }
h2 { margin-top: 3rem; font-size: 1.15rem; overflow-wrap: anywhere; }
h2 b, nav b { display: inline-block; min-width: 4.2em; color: light-dark(#a3400f, #ffb68a); }
nav ul { list-style: none; padding: 0; }
nav li { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid light-dark(#ddd, #444); }
td, th { overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: 0.75rem 1rem; border-radius: 0.5rem; background: light-dark(#f3f1ee, #26231f); }
a { color: light-dark(#8a3300, #ffb68a); }
`;
