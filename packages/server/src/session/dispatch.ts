import { AppError, safeParse } from '@potluck/kernel';
import {
  dropNulls,
  isMethod,
  methodAliases,
  requests,
  type Grant,
  type Input,
  type Method,
  type Output,
} from '@potluck/protocol';
import type { JoinedMember, Member } from '../room/member.ts';
import { may } from '../room/policy.ts';
import type { Reception } from '../room/reception.ts';
import type { Room } from '../room/room.ts';
import type { KeptMember } from '../store/room-record.ts';
import { permissionFor } from './rules.ts';
import type { SessionServices } from './services.ts';

/** What is certain while a request is handled. */
export type ConnectedContext = {
  readonly room: Room;
  readonly member: Member;
  readonly reception: Reception;
  readonly services: SessionServices;
  readonly log: Room['log'];
  /** What it brought from before the room: a role, an invitation. */
  readonly grant: Grant;
  /** Where it connects from. */
  readonly address: string;
  /** What it was before a restart of the server. */
  readonly kept: KeptMember | undefined;
  /** Does something once the answer has gone out, so that the client knows that it was heard. */
  afterAnswer(act: () => void): void;
  /** Ends the session. */
  leave(): void;
};
export type JoinedContext = ConnectedContext & { readonly member: JoinedMember };

export type Handler<M extends Method, Context> = (input: Input<M>, context: Context) => Output<M> | Promise<Output<M>>;
export type HandlerMap<Context> = { readonly [M in Method]?: Handler<M, Context> };

/**
 * Runs one request against the handlers of the present phase. Throws, or rejects, with what the client is to be told.
 * What a handler returns at once is returned at once.
 */
export function dispatch<Context extends { readonly member: Member }>(
  handlers: HandlerMap<Context>,
  phase: string,
  name: string,
  data: unknown,
  context: Context,
): unknown {
  const method = Object.hasOwn(methodAliases, name) ? methodAliases[name] : name;
  if (method === undefined || !isMethod(method)) throw new AppError('not_found', `unknown method "${name}"`);
  if (!Object.hasOwn(handlers, method)) throw new AppError('conflict', `${method} is not possible while ${phase}`);
  const input = safeParse(requests[method].input, dropNulls(data));
  if (!input.success) {
    const [issue] = input.error.issues;
    const path = [method, ...(issue?.path ?? [])].map(String).join('.');
    throw new AppError('bad_request', `${path}: ${issue?.message ?? 'invalid'}`);
  }
  // The two casts: TypeScript cannot correlate a method with its input across a union.
  const needed = permissionFor(method, input.data as never);
  const standing = context.member.profile?.standing;
  if (needed !== undefined && (standing === undefined || !may(standing, needed))) {
    throw new AppError('forbidden', `${method} needs the right "${needed}"`);
  }
  const handler = handlers[method] as (input: unknown, context: Context) => unknown;
  return handler(input.data, context);
}
