import { AppError, Bucket } from '@potluck/kernel';
import type { Method } from '@potluck/protocol';

/** How often one session may ask for what costs others something. The rest is bounded by the messages of its socket. */
const paces = {
  /** Reaches everyone in the room. */
  telling: { burst: 30, perSecond: 5 },
  /** May change what everyone receives. */
  claiming: { burst: 10, perSecond: 2 },
  /** Works in the media engine, or hashes. */
  costly: { burst: 200, perSecond: 20 },
  /** Acts on others or on the room. */
  moderating: { burst: 60, perSecond: 5 },
} as const;
type Pace = keyof typeof paces;

const paceOf: { readonly [M in Method]?: Pace } = {
  sendChat: 'telling',
  sendReaction: 'telling',
  offerFile: 'telling',
  withdrawFile: 'telling',
  fetchFile: 'costly',
  setHandRaised: 'telling',
  changeDisplayName: 'telling',
  claimFloor: 'claiming',
  createWebRtcTransport: 'costly',
  closeTransport: 'costly',
  restartIce: 'costly',
  produce: 'costly',
  produceData: 'costly',
  join: 'moderating',
  enter: 'moderating',
  setPassword: 'moderating',
  setLocked: 'moderating',
  muteParticipant: 'moderating',
  askToUnmute: 'moderating',
  kick: 'moderating',
  ban: 'moderating',
  listBans: 'moderating',
  liftBan: 'moderating',
  admitWaiting: 'moderating',
  denyWaiting: 'moderating',
  setRole: 'moderating',
  setPermission: 'moderating',
  applyNetworkThrottle: 'moderating',
  resetNetworkThrottle: 'moderating',
};

/** The paces of one session. */
export class Paces {
  readonly #buckets = new Map<Pace, Bucket>();

  /** Throws `rate_limited` when this comes too often. */
  check(method: string, now: number): void {
    const pace = Object.hasOwn(paceOf, method) ? paceOf[method as Method] : undefined;
    if (pace === undefined) return;
    const bucket = this.#buckets.get(pace) ?? new Bucket(paces[pace], now);
    this.#buckets.set(pace, bucket);
    if (bucket.take(now)) return;
    const { burst, perSecond } = paces[pace];
    throw new AppError('rate_limited', `${method}: at most ${burst} at once and ${perSecond} a second`);
  }
}
