import type { Emitter } from '@potluck/kernel';
import type { Notice, PeerId } from '@potluck/protocol';
import type { ParticipantState, RoomEvents, RoomState } from './api.ts';
import type { Receiving } from './media/receiving.ts';
import { applyNotice, attachTracks, patchTrack } from './state/participants.ts';
import type { Store } from './state/store.ts';

export type NoticeBoardDeps = {
  store: Store<RoomState>;
  events: Emitter<RoomEvents>;
  receiving: Receiving;
};

/** What the server tells, put where it belongs: the state, the consumers, the events. */
export class NoticeBoard {
  readonly #deps: NoticeBoardDeps;

  constructor(deps: NoticeBoardDeps) {
    this.#deps = deps;
    const { store, receiving } = deps;
    receiving.events.on('received', (tracks) =>
      store.update((state) =>
        tracks.reduce((next, { producerId, track }) => patchTrack(next, producerId, { track }), state),
      ),
    );
    receiving.events.on('ceased', (producerId) =>
      store.update((state) => patchTrack(state, producerId, { track: undefined, score: undefined, layers: undefined })),
    );
  }

  put(notice: Notice): void {
    const { store, receiving } = this.#deps;
    if (this.#forReceiving(notice)) return;
    const before = store.state;
    store.update((state) => {
      const next = applyNotice(state, notice);
      const announced = notice.name === 'producerOpened' || notice.name === 'participantJoined';
      return announced ? attachTracks(next, (id) => receiving.trackOf(id)) : next;
    });
    this.#tell(notice, before);
  }

  #forReceiving(notice: Notice): boolean {
    const { receiving, store } = this.#deps;
    switch (notice.name) {
      case 'consumersOpened':
        receiving.open(notice.data.consumers);
        return true;
      case 'consumerClosed':
        receiving.closeConsumer(notice.data.consumerId);
        return true;
      case 'dataConsumerClosed':
        receiving.closeData(notice.data.dataConsumerId);
        return true;
      case 'consumerScore': {
        const { score, producerScore } = notice.data.score;
        const producerId = receiving.producerOf(notice.data.consumerId);
        if (producerId === undefined) return true;
        store.update((state) => patchTrack(state, producerId, { score: { own: score, producer: producerScore } }));
        return true;
      }
      case 'consumerLayersChanged': {
        const { spatialLayer, temporalLayer } = notice.data;
        const producerId = receiving.producerOf(notice.data.consumerId);
        if (producerId === undefined) return true;
        const layers =
          spatialLayer === null ? undefined : { spatialLayer, ...(temporalLayer !== null && { temporalLayer }) };
        store.update((state) => patchTrack(state, producerId, { layers }));
        return true;
      }
      default:
        return false;
    }
  }

  #tell(notice: Notice, before: RoomState): void {
    const { events, store } = this.#deps;
    switch (notice.name) {
      case 'participantJoined': {
        const joined = find(store.state, notice.data.id);
        if (joined !== undefined && find(before, joined.id) === undefined) events.emit('participantJoined', joined);
        break;
      }
      case 'peerClosed': {
        const left = find(before, notice.data.peerId);
        if (left !== undefined) events.emit('participantLeft', left);
        break;
      }
      case 'chatMessage': {
        const known = before.chat.some(({ id }) => id === notice.data.id);
        if (!known && notice.data.peerId !== before.me.id) events.emit('chatReceived', notice.data);
        break;
      }
      case 'reaction':
        events.emit('reactionShown', notice.data);
        break;
      case 'mutedByModerator':
        events.emit('mutedByModerator', notice.data);
        break;
      case 'unmuteAsked':
        events.emit('unmuteAsked', notice.data);
        break;
      default:
    }
  }
}

const find = (state: RoomState, id: PeerId): ParticipantState | undefined =>
  state.participants.find((participant) => participant.id === id);
