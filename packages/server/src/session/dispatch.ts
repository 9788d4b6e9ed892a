import { AppError } from '@potluck/kernel';
import { dropNulls, isMethod, methodAliases, requests, type Input, type Method, type Output } from '@potluck/protocol';
import type { JoinedMember, Member } from '../room/member.ts';
import type { Reception } from '../room/reception.ts';
import type { Room } from '../room/room.ts';
import type { SessionServices } from './services.ts';

/** What is certain while a request is handled. */
export type ConnectedContext = {
  readonly room: Room;
  readonly member: Member;
  readonly reception: Reception;
  readonly services: SessionServices;
  readonly log: Room['log'];
  /** Ends the session after the answer has gone out. */
  leave(): void;
};
export type JoinedContext = ConnectedContext & { readonly member: JoinedMember };

export type Handler<M extends Method, Context> = (input: Input<M>, context: Context) => Output<M> | Promise<Output<M>>;
export type HandlerMap<Context> = { readonly [M in Method]?: Handler<M, Context> };

/** Runs one request against the handlers of the present phase. Rejects with what the client is to be told. */
export async function dispatch<Context>(
  handlers: HandlerMap<Context>,
  phase: string,
  name: string,
  data: unknown,
  context: Context,
): Promise<unknown> {
  const method = Object.hasOwn(methodAliases, name) ? methodAliases[name] : name;
  if (method === undefined || !isMethod(method)) throw new AppError('not_found', `unknown method "${name}"`);
  if (!Object.hasOwn(handlers, method)) throw new AppError('conflict', `${method} is not possible while ${phase}`);
  const input = requests[method].input.safeParse(dropNulls(data));
  if (!input.success) {
    const [issue] = input.error.issues;
    const path = [method, ...(issue?.path ?? [])].map(String).join('.');
    throw new AppError('bad_request', `${path}: ${issue?.message ?? 'invalid'}`);
  }
  // The one cast: TypeScript cannot correlate `handlers[method]` with `input.data` across a union.
  const handler = handlers[method] as (input: unknown, context: Context) => unknown;
  return handler(input.data, context);
}
