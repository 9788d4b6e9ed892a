import type { Input, Method, Permission } from '@potluck/protocol';
import { permissionToPublish, permissionToPublishData } from '../room/policy.ts';
import { sourceOf } from '../room/publication.ts';

type Rule<M extends Method> = 'free' | Permission | ((input: Input<M>) => Permission | undefined);

/**
 * The right that each request needs; `free` ones concern only the peer itself. A request that is missing here does not
 * compile. That nobody touches what is another's is not a matter of rights: others' ids are not found.
 */
export const rules: { readonly [M in Method]: Rule<M> } = {
  getRouterRtpCapabilities: 'free',
  createWebRtcTransport: 'free',
  connectWebRtcTransport: 'free',
  restartIce: 'free',
  join: 'free',
  enter: 'free',
  leave: 'free',
  produce: ({ kind, appData }) => permissionToPublish(sourceOf(kind, appData)),
  closeProducer: 'free',
  pauseProducer: 'free',
  resumeProducer: 'free',
  claimFloor: 'free',
  pauseConsumer: 'free',
  resumeConsumer: 'free',
  resumeConsumers: 'free',
  releaseConsumers: 'free',
  setConsumerPreferredLayers: 'free',
  setConsumerPriority: 'free',
  requestConsumerKeyFrame: 'free',
  setView: 'free',
  // What is said to the bot reaches nobody else before the bot repeats it: that is talking.
  produceData: ({ label = '' }) => (label === 'bot' ? 'chat' : permissionToPublishData(label)),
  closeDataProducer: 'free',
  closeTransport: 'free',
  changeDisplayName: 'free',
  sendChat: 'chat',
  sendReaction: 'chat',
  offerFile: 'publishData',
  withdrawFile: 'free',
  // Who may not send may well receive.
  fetchFile: 'free',
  reportFile: 'free',
  endFile: 'free',
  setHandRaised: 'free',
  getTransportStats: 'free',
  getProducerStats: 'free',
  getConsumerStats: 'free',
  getDataProducerStats: 'free',
  getDataConsumerStats: 'free',
  // These two ask for a secret of their own.
  applyNetworkThrottle: 'free',
  resetNetworkThrottle: 'free',
  muteParticipant: 'muteOthers',
  askToUnmute: 'muteOthers',
  kick: 'kick',
  ban: 'ban',
  listBans: 'ban',
  liftBan: 'ban',
  setLocked: 'lock',
  setPassword: 'lock',
  admitWaiting: 'admit',
  denyWaiting: 'admit',
  setRole: 'assignRoles',
  setPermission: 'assignRoles',
  endRoom: 'end',
};

/** The right that this very request needs; `undefined` for none. */
export function permissionFor<M extends Method>(method: M, input: Input<M>): Permission | undefined {
  const rule: Rule<M> = rules[method];
  if (rule === 'free') return undefined;
  return typeof rule === 'function' ? rule(input) : rule;
}
