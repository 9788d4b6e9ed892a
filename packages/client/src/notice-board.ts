import type { Emitter } from '@potluck/kernel';
import type { Notice, PeerId } from '@potluck/protocol';
import type { ParticipantState, RoomEvents, RoomState } from './api.ts';
import type { Files } from './files/files.ts';
import type { Receiving } from './media/receiving.ts';
import { applyNotice, attachReceived, patchTrack } from './state/participants.ts';
import type { Store } from './state/store.ts';

export type NoticeBoardDeps = {
  store: Store<RoomState>;
  events: Emitter<RoomEvents>;
  receiving: Receiving;
  files: Pick<Files, 'noticed'>;
};

/** What the server tells, put where it belongs: the state, the consumers, the events. */
export class NoticeBoard {
  readonly #deps: NoticeBoardDeps;
  #held: Notice[] | undefined;

  constructor(deps: NoticeBoardDeps) {
    this.#deps = deps;
    const { store, receiving } = deps;
    receiving.events.on('received', (tracks) =>
      store.update((state) =>
        tracks.reduce((next, { producerId, track }) => patchTrack(next, producerId, { track }), state),
      ),
    );
    receiving.events.on('secrecy', (producerId) =>
      store.update((state) => patchTrack(state, producerId, { encryption: receiving.secrecyOf(producerId) })),
    );
    receiving.events.on('ceased', (producerId) =>
      store.update((state) => patchTrack(state, producerId, { track: undefined, score: undefined, layers: undefined })),
    );
  }

  /**
   * From here on, until `release`, what concerns the state waits: the answer to `enter` is a picture of the room that
   * may be older than notices which overtook it.
   */
  hold(): void {
    this.#held ??= [];
  }

  /** The picture is in the state; now what happened since. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const notice of held) this.put(notice);
  }

  put(notice: Notice): void {
    if (this.#forReceiving(notice)) return;
    if (this.#held !== undefined) {
      this.#held.push(notice);
      return;
    }
    const { store, receiving } = this.#deps;
    const before = store.state;
    store.update((state) => {
      const next = this.#apply(state, notice);
      const announced = ['producerOpened', 'participantJoined', 'producerReplaced'].includes(notice.name);
      return announced ? attachReceived(next, receiving) : next;
    });
    this.#tell(notice, before);
  }

  /** Consumers are made at once: pictures wait for nothing. */
  #forReceiving(notice: Notice): boolean {
    const { receiving } = this.#deps;
    switch (notice.name) {
      case 'consumersOpened':
        receiving.open(notice.data.consumers, notice.data.transportId);
        return true;
      case 'consumerClosed':
        receiving.closeConsumer(notice.data.consumerId);
        return true;
      case 'dataConsumerClosed':
        receiving.data.close(notice.data.dataConsumerId);
        return true;
      case 'producerMoving':
        receiving.keep(notice.data.producerId);
        return true;
      case 'producerReplaced':
        receiving.replaced(notice.data.producerId, notice.data.producer.id);
        return false;
      default:
        return false;
    }
  }

  #apply(state: RoomState, notice: Notice): RoomState {
    if (notice.name !== 'consumerScore' && notice.name !== 'consumerLayersChanged') return applyNotice(state, notice);
    const producerId = this.#deps.receiving.producerOf(notice.data.consumerId);
    if (producerId === undefined) return state;
    if (notice.name === 'consumerScore') {
      const { score: own, producerScore: producer } = notice.data.score;
      return patchTrack(state, producerId, { score: { own, producer } });
    }
    const { spatialLayer, temporalLayer } = notice.data;
    const layers =
      spatialLayer === null ? undefined : { spatialLayer, ...(temporalLayer !== null && { temporalLayer }) };
    return patchTrack(state, producerId, { layers });
  }

  #tell(notice: Notice, before: RoomState): void {
    const { events, store, files } = this.#deps;
    files.noticed(notice);
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
