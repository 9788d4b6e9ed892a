import { AppError, type ErrorCode, type Logger } from '@potluck/kernel';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { httpError, sendProblem } from '../problem.ts';

/** What v3 answers with. It knows no more than: the request is wrong, or something went wrong. */
const v3Statuses: { readonly [code in ErrorCode]?: number } = {
  not_found: 500,
  conflict: 500,
  unsupported: 500,
  timeout: 500,
};

/** Whoever asks for JSON gets RFC 9457 and its statuses; everyone else, the form and statuses that v3 scripts know. */
export function broadcasterErrors(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const error = httpError(thrown);
    if (error.code === 'internal') {
      log.error('request failed', { method: request.method, path: request.path, error: error.cause ?? error });
    } else if (error.code !== 'unauthorized') {
      log.debug('request refused', { method: request.method, path: request.path, status: error.status });
    }
    if (response.headersSent) next(thrown);
    else if (wantsProblem(request)) sendProblem(request, response, error);
    else sendText(response, thrown, error);
  };
}

const jsonTypes = ['application/problem+json', 'application/json'];
const wantsProblem = (request: Request): boolean => {
  const best = request.accepts(['text/html', ...jsonTypes]);
  return typeof best === 'string' && jsonTypes.includes(best);
};

function sendText(response: Response, thrown: unknown, error: AppError): void {
  const name = nameOf(thrown, error);
  // The body parser's own refusal of a charset or encoding keeps its status; only our media errors are v3's 500.
  const status = (thrown instanceof AppError && v3Statuses[error.code]) || error.status;
  if (error.code === 'unauthorized') response.set('WWW-Authenticate', 'Bearer');
  response.statusMessage = reasonPhrase(error.message);
  response
    .status(status)
    .type('html')
    .send(`${name}: ${escapeHtml(error.message)}`);
}

function nameOf(thrown: unknown, error: AppError): string {
  if (thrown instanceof Error && !(thrown instanceof AppError) && error.code !== 'internal') return thrown.name;
  return error.code === 'bad_request' ? 'TypeError' : 'Error';
}

/** RFC 9112 §4: what may stand on the status line. Messages may repeat what a caller sent. */
const reasonPhrase = (text: string): string => text.replaceAll(/[^\u0020-\u007e]+/gu, '?').slice(0, 200);

const entities: { readonly [char: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/gu, (char) => entities[char] ?? char);
