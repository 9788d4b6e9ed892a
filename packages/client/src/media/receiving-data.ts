import { newId } from '@potluck/kernel';
import type { DataConsumerId, DataConsumerInfo, PeerId } from '@potluck/protocol';
import type { types } from 'mediasoup-client';

/** Takes what comes on one data channel. */
export type DataTap = { opened(): void; take(data: string | ArrayBuffer): void };

export type DataMessage = { peerId: PeerId | undefined; label: string; data: string | ArrayBuffer };

/** Far from the server's own, which begin at 0, and among the 256 that every browser opens at first. */
const warmStreamId = 255;

/** The data channels of others that this client receives. */
export class ReceivingData {
  /** Whether somebody here takes a data channel; of others every message is told. */
  claim: (info: DataConsumerInfo) => DataTap | undefined = () => undefined;
  readonly #told: (message: DataMessage) => void;
  readonly #consumers = new Map<DataConsumerId, types.DataConsumer>();
  readonly #warm = new WeakMap<types.Transport, types.DataConsumer>();

  constructor(told: (message: DataMessage) => void) {
    this.#told = told;
  }

  async open(transport: types.Transport, info: DataConsumerInfo): Promise<void> {
    const { id, dataProducerId, sctpStreamParameters, label, protocol } = info;
    if (sctpStreamParameters.streamId === warmStreamId) this.#warm.get(transport)?.close();
    const consumer = await transport.consumeData({ id, dataProducerId, sctpStreamParameters, label, protocol });
    this.#consumers.set(id, consumer);
    const tap = this.claim(info);
    consumer.on('message', (data: unknown) => {
      if (typeof data !== 'string' && !(data instanceof ArrayBuffer)) return;
      if (tap !== undefined) return tap.take(data);
      this.#told({ peerId: info.peerId ?? undefined, label, data });
    });
    if (consumer.readyState === 'open') tap?.opened();
    else if (tap !== undefined) consumer.on('open', () => tap.opened());
  }

  close(dataConsumerId: DataConsumerId): void {
    this.#consumers.get(dataConsumerId)?.close();
    this.#consumers.delete(dataConsumerId);
  }

  /** They end with their transport. */
  forgetAll(): void {
    this.#consumers.clear();
  }

  /**
   * A silent data channel brings ICE and DTLS up before anything is there to receive: the first picture then costs no
   * handshake.
   */
  async warmUp(transport: types.Transport): Promise<void> {
    try {
      const channel = await transport.consumeData({
        id: newId(),
        dataProducerId: newId(),
        sctpStreamParameters: { streamId: warmStreamId, ordered: true },
        label: 'warm-up',
      });
      this.#warm.set(transport, channel);
    } catch (error) {
      if (!transport.closed) throw error;
    }
  }
}
