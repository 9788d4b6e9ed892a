import type { Method } from '@potluck/protocol';
import type { ConnectedContext, HandlerMap, JoinedContext } from './dispatch.ts';
import { filing } from './filing.ts';
import { joining } from './joining.ts';
import { moderating } from './moderating.ts';
import { publishing } from './publishing.ts';
import { receiving } from './receiving.ts';
import { talking } from './talking.ts';
import { transports } from './transports.ts';

/** What may be asked in which phase. A known method that is missing from a phase is a conflict there. */
export const handlers = {
  connected: { ...transports, ...joining } satisfies HandlerMap<ConnectedContext>,
  joined: {
    ...transports,
    ...publishing,
    ...receiving,
    ...talking,
    ...filing,
    ...moderating,
  } satisfies HandlerMap<JoinedContext>,
};

/** Does not compile while a method of the protocol has no handler. */
type Unhandled = Exclude<Method, keyof typeof handlers.connected | keyof typeof handlers.joined>;
export const everyMethodIsHandled: [Unhandled] extends [never] ? true : Unhandled = true;
