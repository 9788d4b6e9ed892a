import { AppError } from '@potluck/kernel';
import {
  isNotice,
  notices,
  requests,
  serverRequests,
  type Answer,
  type Method,
  type Notice,
  type Sent,
  type ServerMethod,
  type ServerRequestData,
} from '@potluck/protocol';

/** Typed requests: the answer is what the protocol says, or an AppError. */
export type Call = <M extends Method>(method: M, input: Sent<M>) => Promise<Answer<M>>;

/** Most messages of a kind come once or a few times: making a fast parser of each schema first takes longer than it saves. */
const asIs = { jitless: true };

export const makeCall =
  (request: (method: string, data: unknown) => Promise<unknown>): Call =>
  async (method, input) => {
    const answer = await request(method, input);
    const parsed = requests[method].output.safeParse(answer, asIs);
    if (!parsed.success) throw notAsAgreed(`answer to ${method}`, parsed.error);
    return parsed.data as Answer<typeof method>; // The one cast: a correlated union.
  };

/** A notice of the protocol, `undefined` for one that a newer server may send. Throws for one that is malformed. */
export function parseNotice(name: string, data: unknown): Notice | undefined {
  if (!isNotice(name)) return undefined;
  const parsed = notices[name].data.safeParse(data, asIs);
  if (!parsed.success) throw notAsAgreed(`notice ${name}`, parsed.error);
  return { name, data: parsed.data } as Notice;
}

export function parseServerRequest<M extends ServerMethod>(method: M, data: unknown): ServerRequestData<M> {
  const parsed = serverRequests[method].input.safeParse(data, asIs);
  if (!parsed.success) throw notAsAgreed(`request ${method}`, parsed.error);
  return parsed.data as ServerRequestData<M>;
}

const notAsAgreed = (what: string, cause: Error) =>
  new AppError('internal', `the server's ${what} is not as agreed: ${cause.message}`, { cause });
