import type { Call } from './signal/api.ts';

/** What the network is to be like for everyone on this server. */
export type NetworkConditions = {
  /** Kilobits per second from the clients, and to them. Default 1000. */
  uplink?: number;
  downlink?: number;
  /** Milliseconds, added to every round trip. Default 0. */
  roundTripTime?: number;
  /** Percent. Default 0. */
  packetLoss?: number;
};

/** Makes the network of the server bad, for tests. Every verb rejects with `forbidden` without the server's secret for it. */
export class NetworkThrottle {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async apply(secret: string, { uplink, downlink, roundTripTime, packetLoss }: NetworkConditions): Promise<void> {
    await this.#call('applyNetworkThrottle', {
      secret,
      ...(uplink !== undefined && { uplink }),
      ...(downlink !== undefined && { downlink }),
      ...(roundTripTime !== undefined && { rtt: roundTripTime }),
      ...(packetLoss !== undefined && { packetLoss }),
    });
  }

  async reset(secret: string): Promise<void> {
    await this.#call('resetNetworkThrottle', { secret });
  }
}
