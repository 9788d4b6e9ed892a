import { releaseUnused } from '../room/sending.ts';
import type { HandlerMap, JoinedContext } from './dispatch.ts';
import { statsOf } from './transports.ts';

/** What a joined peer gets, and how. */
export const receiving = {
  async pauseConsumer({ consumerId }, { reception }) {
    await reception.media.pause(consumerId);
    return {};
  },

  async resumeConsumer({ consumerId }, { reception }) {
    await reception.media.resume(consumerId);
    return {};
  },

  resumeConsumers({ consumerIds }, { reception }) {
    for (const id of consumerIds) reception.media.accept(id);
    return {};
  },

  releaseConsumers({ consumerIds }, { room, reception }) {
    releaseUnused(room, reception.media.release(consumerIds));
    return {};
  },

  async setConsumerPreferredLayers({ consumerId, ...layers }, { reception }) {
    await reception.media.setPreferredLayers(consumerId, layers);
    return {};
  },

  async setConsumerPriority({ consumerId, priority }, { reception }) {
    await reception.media.setPriority(consumerId, priority);
    return {};
  },

  async requestConsumerKeyFrame({ consumerId }, { reception }) {
    await reception.media.requestKeyFrame(consumerId);
    return {};
  },

  setView({ audio = true, video }, { reception }) {
    reception.setView({ audio, video: new Map(video.map(({ producerId, ...size }) => [producerId, size])) });
    return {};
  },

  getConsumerStats: ({ consumerId }, { reception }) => statsOf(reception.media.stats(consumerId)),

  getDataConsumerStats: ({ dataConsumerId }, { reception }) => statsOf(reception.data.stats(dataConsumerId)),
} satisfies HandlerMap<JoinedContext>;
