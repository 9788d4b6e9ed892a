import { ownDataPublication, ownPublication } from '../room/own.ts';
import { pausePublication, publish, publishData, unpublish, unpublishData } from '../room/sending.ts';
import type { HandlerMap, JoinedContext } from './dispatch.ts';
import { statsOf } from './transports.ts';

/** What a joined peer sends. */
export const publishing = {
  async produce({ transportId, kind, rtpParameters, paused = false, appData, replaces }, { room, member }) {
    return { id: await publish(room, member, transportId, { kind, rtpParameters, paused, appData, replaces }) };
  },

  closeProducer({ producerId }, { room, member }) {
    unpublish(room, member, producerId);
    return {};
  },

  async pauseProducer({ producerId }, { room, member }) {
    await pausePublication(room, member, producerId, true);
    return {};
  },

  async resumeProducer({ producerId }, { room, member }) {
    await pausePublication(room, member, producerId, false);
    return {};
  },

  claimFloor({ producerId }, { room, member }) {
    room.floor.claim(ownPublication(member, producerId).id);
    return {};
  },

  async produceData(
    { transportId, sctpStreamParameters, label = '', protocol = '', appData = {}, to },
    { room, member },
  ) {
    const options = { sctpStreamParameters, label, protocol, appData, to };
    return { id: await publishData(room, member, transportId, options) };
  },

  closeDataProducer({ dataProducerId }, { room, member }) {
    unpublishData(room, member, dataProducerId);
    return {};
  },

  async getProducerStats({ producerId }, { room, member }) {
    return statsOf(room.media.stats({ kind: 'producer', id: ownPublication(member, producerId).id }));
  },

  async getDataProducerStats({ dataProducerId }, { room, member }) {
    return statsOf(room.media.stats({ kind: 'dataProducer', id: ownDataPublication(member, dataProducerId).id }));
  },
} satisfies HandlerMap<JoinedContext>;
