import { systemClock, withTimeout, type Clock } from '@potluck/kernel';
import { asToken, DoorAnswer, doorRoutes } from '@potluck/protocol';

export type DoorQuestion = {
  readonly roomId: string;
  readonly peerId: string;
  readonly token?: string | undefined;
  readonly resume?: string | undefined;
};

/** What the server says about a room, or that it is there and takes nobody; `undefined`: nothing was to be learned. */
export type DoorReport = (DoorAnswer & { readonly kind: 'answered' }) | { readonly kind: 'busy'; message: string };

/** Asks a server, whose URL may be any of those to join with, what stands between somebody and a room. Never rejects. */
export type AskDoor = (base: string | URL, question: DoorQuestion) => Promise<DoorReport | undefined>;

const answerMs = 5000;
/** What is so for everybody from here at the moment: too many requests, no room. */
const busy: readonly number[] = [429, 503];

export const askDoorBy =
  (request: typeof fetch, clock: Clock = systemClock): AskDoor =>
  async (base, { roomId, peerId, token, resume }) => {
    const ask = async (): Promise<DoorReport | undefined> => {
      const url = new URL(doorRoutes.askDoor.path, String(base).replace(/^ws/u, 'http'));
      const response = await request(url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(token && { Authorization: `Bearer ${asToken(token)}` }),
        },
        body: JSON.stringify({ roomId, peerId, ...(resume !== undefined && { resume }) }),
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      });
      const content: unknown = await response.json();
      if (busy.includes(response.status)) return { kind: 'busy', message: detailOf(content) };
      const answer = DoorAnswer.safeParse(content);
      return response.ok && answer.success ? { kind: 'answered', ...answer.data } : undefined;
    };
    try {
      return await withTimeout(ask(), answerMs, 'the answer of the door', clock);
    } catch {
      return undefined;
    }
  };

/** RFC 9457. */
const detailOf = (problem: unknown): string =>
  typeof problem === 'object' && problem !== null && 'detail' in problem ? String(problem.detail) : '';
