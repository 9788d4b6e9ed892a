import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { AppError, isErrorCode, systemCodeOf } from '@potluck/kernel';
import { httpRoutes, type HttpRouteName, type HttpRoutes } from '@potluck/protocol';
import { z } from 'zod';
import { isLoopbackHost } from '../../edge/address.ts';

type Given<S> = S extends z.ZodType ? z.input<S> : undefined;
export type Call<N extends HttpRouteName> = {
  readonly params: Given<HttpRoutes[N]['params']>;
  readonly query?: { readonly [name: string]: string };
  readonly body?: Given<HttpRoutes[N]['body']>;
};
export type Answer<N extends HttpRouteName> = HttpRoutes[N]['answer'] extends { schema: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;

export type ServerOptions = {
  readonly server: URL;
  /** Take any certificate. On loopback it is always so: nobody can be in between. */
  readonly insecure: boolean;
  /** What lets us in, where the server asks for it. */
  readonly token: string | undefined;
};

/** How long the server may take for one answer. */
const withinMs = 10_000;

/** The HTTP interface of a server, for command line tools. Rejects with sentences for the person at the terminal. */
export class ServerApi {
  readonly #options: ServerOptions;
  #credential: string | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#credential = options.token;
  }

  /** Shown with every request from here on, instead of the token. */
  useSecret(secret: string): void {
    this.#credential = secret;
  }

  /** `unavailable` when the server does not answer; else what the server itself says. */
  async call<N extends HttpRouteName>(name: N, { params, query, body }: Call<N>): Promise<Answer<N>> {
    const { method, path, answer } = httpRoutes[name];
    const url = new URL(fillPath(path, params), this.#options.server);
    url.search = new URLSearchParams(query).toString();
    const { status, text } = await this.#send(url, method.toUpperCase(), body);
    if (status < 200 || status > 299) throw refusal(status, text);
    // The one cast: TypeScript cannot correlate the schema of `name` with its answer across a union.
    return (answer.as === 'json' ? answer.schema.parse(JSON.parse(text)) : undefined) as Answer<N>;
  }

  /** One of the paths for operators, which ask for the key of the API. */
  async read<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    const { status, text } = await this.#send(new URL(path, this.#options.server), 'GET', undefined);
    if (status !== 200) throw refusal(status, text);
    return schema.parse(JSON.parse(text));
  }

  #send(url: URL, method: string, body: unknown): Promise<{ status: number; text: string }> {
    const { server, insecure } = this.#options;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method,
      signal: AbortSignal.timeout(withinMs),
      rejectUnauthorized: !insecure && !isLoopbackHost(url.hostname),
      headers: {
        accept: 'application/problem+json, application/json;q=0.9, */*;q=0.1',
        ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        ...(this.#credential !== undefined && { authorization: `Bearer ${this.#credential}` }),
      },
    });
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    request.on('response', resolve);
    request.on('error', (error) => reject(unreachable(server, error)));
    request.end(text);
    return promise.then(async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(Buffer.from(z.instanceof(Uint8Array).parse(chunk)));
      return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() };
    });
  }
}

function fillPath(path: string, params: object): string {
  const values = z.record(z.string(), z.string()).parse(params);
  return path.replaceAll(/:(\w+)/gu, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

const Problem = z.object({ type: z.string(), detail: z.string() });

function refusal(status: number, text: string): AppError {
  let problem: z.infer<typeof Problem> | undefined;
  try {
    problem = Problem.safeParse(JSON.parse(text)).data;
  } catch {
    // An original v3 server, or a proxy: its words are all there is.
  }
  const code = problem?.type.split('/').at(-1);
  const words =
    problem?.detail ??
    text
      .replaceAll(/<[^>]*>/gu, ' ')
      .trim()
      .slice(0, 300);
  return new AppError(isErrorCode(code) ? code : 'internal', `the server says (${status}): ${words}`);
}

const certificateErrors = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/u;

function unreachable(server: URL, error: Error): AppError {
  const code = systemCodeOf(error) ?? error.name;
  const why = certificateErrors.test(code)
    ? `its certificate is not trusted (${error.message.split(';')[0]}); --insecure accepts it all the same`
    : ({
        ECONNREFUSED: 'nothing listens there; is the server running?',
        ENOTFOUND: 'this host name is not known',
        EAI_AGAIN: 'the host name could not be looked up',
        ECONNRESET: 'it closed the connection; is it the right port, and https:// or http:// right?',
        EPROTO: 'it does not speak TLS there; try http:// or another port',
        TimeoutError: `no answer within ${withinMs / 1000} s`,
        AbortError: `no answer within ${withinMs / 1000} s`,
        ABORT_ERR: `no answer within ${withinMs / 1000} s`,
      }[code] ??
      (error.message || code));
  return new AppError('unavailable', `cannot reach ${server.origin}: ${why}`, { cause: error });
}
