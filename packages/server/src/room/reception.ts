import type { PeerId, ProducerId, RtpCapabilities, TransportId } from '@potluck/protocol';
import { shownWhole, type Listener, type View } from './audience.ts';
import { DataDelivery, type DataDeliveryDeps } from './data-delivery.ts';
import { Delivery, type DeliveryDeps } from './delivery.ts';

export type ReceptionDeps = DeliveryDeps & DataDeliveryDeps;

export type ReceptionOptions = {
  readonly peerId: PeerId;
  readonly replicas: number;
  readonly chatByNotice: boolean;
  /** Microphones that are forwarded, whoever has the floor at the time; absent: all. */
  readonly floor?: { readonly holders: ReadonlySet<ProducerId> };
};

/** Everything one peer receives, media and data, and what it said about how it can. */
export class Reception {
  readonly media: Delivery;
  readonly data: DataDelivery;
  readonly #publications: ReceptionDeps['publications'];
  readonly #options: ReceptionOptions;
  #joined = false;
  #rtpCapabilities: RtpCapabilities | undefined;
  #sctp = false;
  #transportId: TransportId | undefined;
  #view: View | undefined;
  #firstVideos: number | undefined;
  #leaving = false;

  constructor(deps: ReceptionDeps, options: ReceptionOptions) {
    this.#publications = deps.publications;
    this.#options = options;
    this.media = new Delivery(deps, () => {
      if (!this.#joined || this.#transportId === undefined || this.#rtpCapabilities === undefined) return undefined;
      return { transportId: this.#transportId, rtpCapabilities: this.#rtpCapabilities, listener: this.#listener() };
    });
    this.data = new DataDelivery(deps, () => {
      if (!this.#joined || this.#transportId === undefined || !this.#sctp) return undefined;
      return { transportId: this.#transportId, listener: this.#listener() };
    });
  }

  /** Whether data channels can reach it, now or when it has its next transport. */
  get takesData(): boolean {
    return this.#joined && this.#sctp;
  }

  get chatByNotice(): boolean {
    return this.#options.chatByNotice;
  }

  /** From here on it receives, as soon as there is a transport. */
  join(rtpCapabilities: RtpCapabilities | undefined, sctp: boolean, firstVideos?: number): void {
    this.#joined = true;
    this.#firstVideos = firstVideos;
    this.#rtpCapabilities = rtpCapabilities;
    this.#sctp = sctp;
    this.poke();
  }

  setTransport(transportId: TransportId | undefined): void {
    this.#transportId = transportId;
    this.poke();
  }

  /** It is about to move, or will not. */
  setLeaving(leaving: boolean): void {
    this.#leaving = leaving;
    if (!leaving) this.poke();
  }

  /** Receives there from now on; what flows on the transport before goes on until it closes. */
  moveTo(transportId: TransportId | undefined, from: TransportId): void {
    this.media.setAside(from);
    this.data.transportClosed(from);
    this.setTransport(transportId);
  }

  /** A track goes on under another id: it is shown where it was. */
  superseded(before: ProducerId, by: ProducerId): void {
    const size = this.#view?.video.get(before);
    if (this.#view === undefined || size === undefined) return;
    this.#view = { ...this.#view, video: new Map([...this.#view.video, [by, size]]) };
  }

  transportClosed(transportId: TransportId): void {
    this.media.transportClosed(transportId);
    this.data.transportClosed(transportId);
  }

  setView(view: View): void {
    const whole = shownWhole(view, this.#publications.values(), this.#options.peerId);
    this.#view = { ...view, whole };
    this.media.poke();
  }

  poke(): void {
    this.media.poke();
    this.data.poke();
  }

  close(): void {
    this.#joined = false;
    this.media.close();
    this.data.close();
  }

  #listener(): Listener {
    const { floor, ...options } = this.#options;
    const own = { view: this.#view, firstVideos: this.#firstVideos, leaving: this.#leaving };
    return { ...options, ...own, floor: floor?.holders };
  }
}
