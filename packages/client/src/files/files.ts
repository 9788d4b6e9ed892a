import { AppError, newId, type Clock, type Emitter, type Tasks } from '@potluck/kernel';
import type { DataConsumerInfo, FileOffer, Notice, PeerId, TransferId } from '@potluck/protocol';
import type { JoinOptions, RoomEvents, RoomState } from '../api.ts';
import type { DataTap } from '../media/receiving-data.ts';
import type { Sending } from '../media/sending.ts';
import type { Call } from '../signal/api.ts';
import type { Store } from '../state/store.ts';
import type { FetchState, FileFetch, RoomFiles, SharedFile } from './api.ts';
import { FileDigest } from './digest.ts';
import { Incoming } from './incoming.ts';
import { Outgoing, type FileSource } from './outgoing.ts';
import { patchFile, withOffer, withOffers, withoutOffer, withReceiver, withSending } from './shelf.ts';

export type FilesDeps = {
  readonly call: Call;
  /** Repeats what means the same twice, until a server that knows us has answered. */
  readonly persist: <T>(ask: () => Promise<T>) => Promise<T>;
  readonly sending: Pick<Sending, 'publishData'>;
  readonly store: Store<RoomState>;
  readonly events: Emitter<RoomEvents>;
  /** Why nothing can be offered: this client joined without what it takes. */
  readonly cannotSend: string | undefined;
  readonly tasks: Tasks;
  readonly clock: Clock;
};

type Own = { readonly source: FileSource; readonly digest: FileDigest; readonly name: string; readonly type: string };
type Sent = { readonly fileId: string; readonly by: PeerId; readonly outgoing: Outgoing };

/** As the server has it. */
const fetchesAtOnce = 3;
/** Uploads side by side; who comes later waits. */
const sendsAtOnce = 12;
/** Views are told of progress no more often than this. */
const showEveryMs = 150;

/** The files of one room: ours, kept ready for who asks; others', on their way. */
export class Files implements RoomFiles {
  readonly #deps: FilesDeps;
  readonly #own = new Map<string, Own>();
  readonly #sent = new Map<TransferId, Sent>();
  readonly #queue: { transferId: TransferId; fileId: string; by: PeerId }[] = [];
  readonly #incoming = new Map<string, Incoming>();
  readonly #shownAt = new Map<string, number>();
  #maxBytes = 0;

  constructor(deps: FilesDeps) {
    this.#deps = deps;
  }

  get maxBytes(): number {
    return this.#deps.cannotSend === undefined ? this.#maxBytes : 0;
  }

  async offer(file: Blob, options: { name?: string; type?: string } = {}): Promise<SharedFile> {
    const { call, persist, store, cannotSend } = this.#deps;
    if (cannotSend !== undefined) throw new AppError('conflict', cannotSend);
    const name = options.name ?? ('name' in file && typeof file.name === 'string' ? file.name : '');
    const { size } = file;
    const type = options.type ?? file.type;
    const id = newId();
    this.#own.set(id, { source: file, digest: new FileDigest(), name: name || 'file', type });
    try {
      const offer = await persist(() => call('offerFile', { id, name: name || 'file', size, type }));
      store.update((state) => withOffer(state, offer));
    } catch (error) {
      this.#own.delete(id);
      throw error;
    }
    return this.#file(id);
  }

  async withdraw(id: string): Promise<void> {
    if (!this.#own.has(id)) throw new AppError('not_found', `no own file ${id} is offered`);
    this.#forgetOwn(id);
    await this.#deps.persist(() => this.#deps.call('withdrawFile', { fileId: id }));
  }

  fetch(
    id: string,
    { maxBytes = this.#maxBytes, signal }: { maxBytes?: number; signal?: AbortSignal } = {},
  ): FileFetch {
    const file = this.#file(id);
    const known = this.#incoming.get(id);
    if (known?.active === true || known?.state.kind === 'done') return known;
    if (file.own) throw new AppError('conflict', 'this file is your own');
    if (!file.available) throw new AppError('unavailable', 'its sender has left or taken it back');
    if (file.size > maxBytes)
      throw new AppError('too_large', `a file of ${file.size} bytes; at most ${maxBytes} are taken`);
    const incoming = known ?? this.#newIncoming(file);
    signal?.addEventListener('abort', () => incoming.cancel(), { once: true });
    if (this.#running() < fetchesAtOnce) incoming.begin();
    else incoming.queue();
    return incoming;
  }

  stopSending(id: string, peerId: string): void {
    for (const [transferId, { fileId, by }] of [...this.#sent]) {
      if (fileId !== id || by !== peerId) continue;
      this.#stop(transferId);
      this.#deps.tasks.spawn('stop sending', this.#end(transferId, 'cancelled'));
    }
  }

  /** In the room, perhaps again: what the server does not know is told again. */
  entered(offers: readonly FileOffer[], maxBytes: number): void {
    const { store, call, tasks } = this.#deps;
    this.#maxBytes = maxBytes;
    store.update((state) => withOffers(state, offers));
    for (const [id, { name, source, type }] of this.#own) {
      if (offers.some((offer) => offer.id === id)) continue;
      const again = call('offerFile', { id, name, size: source.size, type });
      tasks.spawn('offer again', again.then((offer) => store.update((state) => withOffer(state, offer)))); // prettier-ignore
    }
    for (const incoming of this.#incoming.values()) {
      if (offers.some(({ id }) => id === incoming.id)) incoming.askAgain();
    }
  }

  noticed(notice: Notice): void {
    const { store } = this.#deps;
    switch (notice.name) {
      case 'fileOffered': {
        const fresh = !store.state.files.some(({ id }) => id === notice.data.id);
        store.update((state) => withOffer(state, notice.data));
        const file = this.#file(notice.data.id);
        if (fresh && !file.own) this.#deps.events.emit('fileOffered', file);
        const incoming = this.#incoming.get(notice.data.id);
        // Its sender is back: what was interrupted by that goes on.
        if (incoming?.state.kind === 'failed' && incoming.state.why === 'left') incoming.begin();
        else incoming?.askAgain();
        break;
      }
      case 'fileWithdrawn':
        store.update((state) => withoutOffer(state, notice.data.fileId));
        break;
      case 'fileWanted':
        this.#wanted(notice.data);
        break;
      case 'fileReported':
        this.#sent.get(notice.data.transferId)?.outgoing.reported(notice.data);
        break;
      case 'fileEnded':
        this.#ended(notice.data);
        break;
      default:
    }
  }

  /** Whether a data channel that comes belongs to a file that we asked this very peer for. */
  claim({ label, peerId, appData }: DataConsumerInfo): DataTap | undefined {
    if (label !== fileLabel) return undefined;
    const incoming = [...this.#incoming.values()].find(({ transferId }) => transferId === appData['transferId']);
    if (incoming === undefined || this.#file(incoming.id).peerId !== peerId) return undefined;
    return { opened: () => incoming.opened(), take: (data) => incoming.take(data) };
  }

  /** The call has ended. What was fetched can still be saved. */
  close(): void {
    for (const id of [...this.#own.keys()]) this.#forgetOwn(id);
    for (const incoming of this.#incoming.values()) incoming.close();
  }

  #newIncoming(offer: SharedFile): Incoming {
    const { call, clock, store } = this.#deps;
    const incoming = new Incoming({
      offer,
      clock,
      ask: (transferId) => call('fetchFile', { fileId: offer.id, transferId }),
      report: (transferId, report) => call('reportFile', { transferId, ...report }),
      end: (transferId, reason) => this.#end(transferId, reason),
    });
    this.#incoming.set(offer.id, incoming);
    let shown: FetchState['kind'] = 'none';
    incoming.events.on('progressed', () => {
      const { state } = incoming;
      if (state.kind === shown && !this.#due(offer.id)) return;
      shown = state.kind;
      store.update((before) => patchFile(before, offer.id, { fetch: state }));
    });
    incoming.events.on('finished', () => this.#beginNext());
    return incoming;
  }

  #wanted(wanted: { transferId: TransferId; fileId: string; by: PeerId }): void {
    const own = this.#own.get(wanted.fileId);
    if (own === undefined) return this.#deps.tasks.spawn('refuse file', this.#end(wanted.transferId, 'withdrawn'));
    this.#stop(wanted.transferId);
    if (this.#sent.size >= sendsAtOnce) this.#queue.push(wanted);
    else this.#send(wanted, own);
  }

  #send({ transferId, fileId, by }: { transferId: TransferId; fileId: string; by: PeerId }, own: Own): void {
    const { sending, store, tasks } = this.#deps;
    const outgoing = new Outgoing({
      source: own.source,
      digest: own.digest,
      open: () =>
        sending.publishData({ label: fileLabel, options: { ordered: true, to: [by], appData: { transferId } } }),
      onProgress: (received) => {
        if (this.#due(transferId)) store.update((state) => withSending(state, fileId, by, received));
      },
      onFailed: () => {
        this.#stop(transferId);
        tasks.spawn('fail file', this.#end(transferId, 'failed'));
      },
    });
    this.#sent.set(transferId, { fileId, by, outgoing });
    store.update((state) => withSending(state, fileId, by, 0));
  }

  #ended({ transferId, reason }: Extract<Notice, { name: 'fileEnded' }>['data']): void {
    const sent = this.#sent.get(transferId);
    this.#stop(transferId);
    if (sent !== undefined && reason === 'received') {
      this.#deps.store.update((state) => withReceiver(state, sent.fileId, sent.by));
    }
    [...this.#incoming.values()].find((incoming) => incoming.transferId === transferId)?.ended(reason);
  }

  /** Stops sending; the next in the queue is served. */
  #stop(transferId: TransferId): void {
    const waiting = this.#queue.findIndex((one) => one.transferId === transferId);
    if (waiting >= 0) this.#queue.splice(waiting, 1);
    const sent = this.#sent.get(transferId);
    if (sent === undefined) return;
    this.#sent.delete(transferId);
    this.#shownAt.delete(transferId);
    sent.outgoing.close();
    this.#deps.store.update((state) => withSending(state, sent.fileId, sent.by, undefined));
    const next = this.#queue.shift();
    const own = next && this.#own.get(next.fileId);
    if (next !== undefined && own !== undefined) this.#send(next, own);
  }

  #forgetOwn(id: string): void {
    this.#own.delete(id);
    for (const [transferId, { fileId }] of [...this.#sent]) if (fileId === id) this.#stop(transferId);
    this.#deps.store.update((state) => withoutOffer(state, id));
  }

  /** Who ended it first is right; that the other did too is no news. */
  async #end(
    transferId: TransferId,
    reason: 'received' | 'cancelled' | 'withdrawn' | 'left' | 'failed',
  ): Promise<void> {
    await this.#deps.call('endFile', { transferId, reason }).catch((error: unknown) => {
      const { code } = AppError.from(error);
      if (code !== 'not_found' && code !== 'unavailable') throw error;
    });
  }

  #beginNext(): void {
    if (this.#running() >= fetchesAtOnce) return;
    [...this.#incoming.values()].find((incoming) => incoming.queued)?.begin();
  }

  #running(): number {
    return [...this.#incoming.values()].filter(({ active, queued }) => active && !queued).length;
  }

  #due(key: string): boolean {
    const now = this.#deps.clock.now();
    if (now - (this.#shownAt.get(key) ?? -Infinity) < showEveryMs) return false;
    this.#shownAt.set(key, now);
    return true;
  }

  #file(id: string): SharedFile {
    const file = this.#deps.store.state.files.find((one) => one.id === id);
    if (file === undefined) throw new AppError('not_found', `no file ${id} is in the room`);
    return file;
  }
}

/** Of the data channels that carry files. */
const fileLabel = 'file';

/** Why a client that joined with these cannot offer any; `undefined`: it can. */
export function noFilesWhy({ produce, dataChannels }: JoinOptions): string | undefined {
  if (produce === false) return 'offering files needs a send transport: join without `produce: false`';
  return dataChannels === false ? 'files need data channels: join without `dataChannels: false`' : undefined;
}
