import { AppError, Emitter, type Logger } from '@potluck/kernel';
import type { FileEnd, FileId, FileOffer, PeerId, TransferId } from '@potluck/protocol';
import { may } from './policy.ts';
import type { Room } from './room.ts';

/** One file on its way to one peer. Its bytes go through the media engine and are never seen here. */
export type FileTransfer = {
  readonly id: TransferId;
  readonly fileId: FileId;
  readonly owner: PeerId;
  readonly by: PeerId;
};
export type FileReport = { readonly epoch: number; readonly received: number };

export type FilesEvents = {
  offered: [offer: FileOffer];
  withdrawn: [fileId: FileId];
  /** To the owner: somebody wants it, or wants it to go on. */
  wanted: [transfer: FileTransfer];
  /** To the owner. */
  reported: [transfer: FileTransfer, report: FileReport];
  /** To this peer: the other side ended it. */
  ended: [peerId: PeerId, id: TransferId, reason: FileEnd];
};

export type FileLimits = { readonly maxFileBytes: number; readonly maxFilesPerPeer: number };

/** What one peer may have under way: its windows together fit the engine's buffer for it. */
const maxFetchesPerPeer = 3;

/** Which files can be had from whom, and who is fetching which. */
export class Files {
  readonly events: Emitter<FilesEvents>;
  readonly #limits: () => FileLimits;
  readonly #offers = new Map<FileId, FileOffer>();
  readonly #transfers = new Map<TransferId, FileTransfer>();

  constructor(limits: () => FileLimits, log: Logger) {
    this.#limits = limits;
    this.events = new Emitter((error) => log.error('a listener failed', { error }));
  }

  get offers(): FileOffer[] {
    return [...this.#offers.values()];
  }

  /** Offering twice (same id) answers the first and tells nobody again. */
  offer(offer: FileOffer): FileOffer {
    const { maxFileBytes, maxFilesPerPeer } = this.#limits();
    const known = this.#offers.get(offer.id);
    if (known !== undefined) {
      if (known.peerId === offer.peerId) return known;
      throw new AppError('conflict', `the file id ${offer.id} is taken`);
    }
    if (offer.size > maxFileBytes) {
      throw new AppError('too_large', `a file of ${offer.size} bytes; at most ${maxFileBytes} are allowed`);
    }
    if (this.offers.filter(({ peerId }) => peerId === offer.peerId).length >= maxFilesPerPeer) {
      throw new AppError('rate_limited', `at most ${maxFilesPerPeer} files offered by one peer`);
    }
    this.#offers.set(offer.id, offer);
    this.events.emit('offered', offer);
    return offer;
  }

  withdraw(peerId: PeerId, fileId: FileId): void {
    if (this.#offers.get(fileId)?.peerId !== peerId) throw new AppError('not_found', `file ${fileId} not found`);
    this.#drop(fileId, 'withdrawn');
  }

  fetch(by: PeerId, fileId: FileId, id: TransferId): void {
    const offer = this.#offers.get(fileId);
    if (offer === undefined) throw new AppError('not_found', `file ${fileId} not found`);
    if (offer.peerId === by) throw new AppError('conflict', 'this file is your own');
    const known = this.#transfers.get(id);
    if (known !== undefined && (known.by !== by || known.fileId !== fileId)) {
      throw new AppError('conflict', `the transfer id ${id} is taken`);
    }
    const own = [...this.#transfers.values()].filter((transfer) => transfer.by === by && transfer.id !== id);
    if (own.some((transfer) => transfer.fileId === fileId)) {
      throw new AppError('conflict', `file ${fileId} is being fetched already`);
    }
    if (own.length >= maxFetchesPerPeer) {
      throw new AppError('rate_limited', `at most ${maxFetchesPerPeer} files fetched at once`);
    }
    const transfer = { id, fileId, owner: offer.peerId, by };
    this.#transfers.set(id, transfer);
    this.events.emit('wanted', transfer);
  }

  report(by: PeerId, id: TransferId, report: FileReport): void {
    const transfer = this.#transfers.get(id);
    if (transfer?.by !== by) throw new AppError('not_found', `transfer ${id} not found`);
    this.events.emit('reported', transfer, report);
  }

  end(by: PeerId, id: TransferId, reason: FileEnd): void {
    const transfer = this.#transfers.get(id);
    if (transfer === undefined || (transfer.by !== by && transfer.owner !== by)) {
      throw new AppError('not_found', `transfer ${id} not found`);
    }
    this.#transfers.delete(id);
    this.events.emit('ended', transfer.by === by ? transfer.owner : transfer.by, id, reason);
  }

  /** Its offers and transfers end. */
  forget(peerId: PeerId): void {
    for (const transfer of [...this.#transfers.values()])
      if (transfer.by === peerId) this.end(peerId, transfer.id, 'left');
    this.withdrawAll(peerId, 'left');
  }

  withdrawAll(peerId: PeerId, reason: FileEnd): void {
    for (const offer of this.offers) if (offer.peerId === peerId) this.#drop(offer.id, reason);
  }

  #drop(fileId: FileId, reason: FileEnd): void {
    const offer = this.#offers.get(fileId);
    if (offer === undefined) return;
    this.#offers.delete(fileId);
    for (const transfer of [...this.#transfers.values()]) {
      if (transfer.fileId === fileId) this.end(offer.peerId, transfer.id, reason);
    }
    this.events.emit('withdrawn', fileId);
  }
}

/** Files go with those who offer them, and with their right to send data. */
export function attachFiles(room: Room): void {
  const forget = [
    room.events.on('memberLeft', (peerId) => room.files.forget(peerId)),
    room.events.on('standingChanged', ({ id, state }) => {
      if (!may(state.profile.standing, 'publishData')) room.files.withdrawAll(id, 'withdrawn');
    }),
  ];
  room.scope.add(() => forget.forEach((off) => off()));
}
