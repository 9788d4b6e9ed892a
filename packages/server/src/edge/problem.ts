import { AppError, toProblem, type ErrorCode, type Logger } from '@potluck/kernel';
import type { ErrorRequestHandler, Request, Response } from 'express';

/** Answers with an RFC 9457 problem document. */
export function sendProblem(request: Request, response: Response, error: AppError): void {
  if (error.code === 'unauthorized') response.set('WWW-Authenticate', 'Bearer');
  response
    .status(error.status)
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(error, request.path)));
}

/** What Express and its body parser say with a status of their own, in our words. */
const codesByStatus: ReadonlyMap<number, ErrorCode> = new Map([
  [400, 'bad_request'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [413, 'too_large'],
  [415, 'unsupported'],
]);

/** Any thrown value as an AppError; the text of what is not ours is for the log alone, unless HTTP itself exposes it. */
export function httpError(thrown: unknown): AppError {
  if (!(thrown instanceof Error) || thrown instanceof AppError) return AppError.from(thrown);
  const status: unknown = 'status' in thrown ? thrown.status : undefined;
  const code = typeof status === 'number' ? codesByStatus.get(status) : undefined;
  if (code === undefined) return AppError.from(thrown);
  return new AppError(code, thrown.message, { cause: thrown });
}

/** The last handler of the Express app. */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const error = httpError(thrown);
    if (error.code === 'internal') {
      log.error('request failed', { method: request.method, path: request.path, error: error.cause ?? error });
    }
    // Wrong credentials are told by who checked them.
    else if (error.code !== 'unauthorized') {
      log.debug('request refused', { method: request.method, path: request.path, status: error.status });
    }
    if (response.headersSent) next(thrown);
    else sendProblem(request, response, error);
  };
}
