import type { z } from 'zod';
import { ownRequests } from './own-requests.ts';
import { v3Requests } from './v3-requests.ts';

/** Everything that a client may ask for. */
export const requests = { ...v3Requests, ...ownRequests } as const;

export type Requests = typeof requests;
export type Method = keyof Requests;
/** What a handler gets. */
export type Input<M extends Method> = z.output<Requests[M]['input']>;
/** What a client sends. */
export type Sent<M extends Method> = z.input<Requests[M]['input']>;
/** What a handler answers. */
export type Output<M extends Method> = z.input<Requests[M]['output']>;
/** What a client gets. */
export type Answer<M extends Method> = z.output<Requests[M]['output']>;

/** Spellings of clients from before 2019-11-18. */
export const methodAliases: { readonly [name: string]: Method } = {
  setConsumerPreferedLayers: 'setConsumerPreferredLayers',
};

export const isMethod = (name: string): name is Method => Object.hasOwn(requests, name);
