import { AppError, Emitter } from '@potluck/kernel';
import type { RoomId } from '@potluck/protocol';
import type { MediaFabric, WorkerInfo, WorkerLog } from '../../server/src/media/fabric.ts';
import { FakeRoomMedia } from './fake-room-media.ts';
import { fakeRtpCapabilities } from './fake-rtp.ts';

/** A media fabric in memory: rooms answer at once, nothing is sent. */
export class FakeFabric implements MediaFabric {
  readonly events: MediaFabric['events'] = new Emitter();
  readonly rtpCapabilities = fakeRtpCapabilities;
  /** Every room that was opened, closed ones included, in order. */
  readonly rooms: FakeRoomMedia[] = [];
  readonly workerLogs: WorkerLog[] = [];
  /** What `workers()` answers. None of them running: `openRoom` rejects with `unavailable`. */
  workerInfos: WorkerInfo[] = [fakeWorker(0)];
  #hold: Promise<void> | undefined;

  async openRoom(roomId: RoomId): Promise<FakeRoomMedia> {
    await this.#hold;
    if (!this.workerInfos.some(({ state }) => state === 'running')) {
      throw new AppError('unavailable', 'no media worker is running');
    }
    const room = new FakeRoomMedia(roomId);
    this.rooms.push(room);
    return room;
  }

  retired = false;

  retire(): void {
    this.retired = true;
  }

  workers(): WorkerInfo[] {
    return this.workerInfos;
  }

  readonly drained: number[] = [];

  async drainWorker(index: number): Promise<{ moved: number; ended: number }> {
    if (!this.workerInfos[index]) throw new AppError('not_found', `there is no worker ${index}`);
    this.drained.push(index);
    for (const room of this.openRooms) room.events.emit('moveWanted', { worker: index });
    return { moved: 0, ended: 0 };
  }

  undrainWorker(index: number): void {
    this.drained.splice(this.drained.indexOf(index), 1);
  }

  async setWorkerLog(settings: WorkerLog): Promise<void> {
    this.workerLogs.push(settings);
  }

  /** The open rooms. */
  get openRooms(): FakeRoomMedia[] {
    return this.rooms.filter(({ closed }) => !closed);
  }

  /** The media of this room that is open now. */
  room(roomId: string): FakeRoomMedia {
    const room = this.openRooms.find((candidate) => candidate.roomId === roomId);
    if (!room) throw new Error(`no open room "${roomId}" in the fake fabric`);
    return room;
  }

  /** Makes `openRoom` wait until the returned function is called. */
  holdOpenRoom(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#hold = promise;
    return () => {
      this.#hold = undefined;
      resolve();
    };
  }

  /** A worker dies: `workerDied` comes, and the transports of the given rooms (all open ones by default) are lost. */
  killWorker(index = 0, rooms: FakeRoomMedia[] = this.openRooms): void {
    const dead: WorkerInfo = { ...(this.workerInfos[index] ?? fakeWorker(index)), state: 'dead' };
    this.workerInfos = this.workerInfos.with(index, dead);
    this.events.emit('workerDied', dead);
    for (const room of rooms) room.loseTransports('worker died');
  }

  /** The worker is back. */
  restartWorker(index = 0): void {
    const info = fakeWorker(index);
    this.workerInfos = this.workerInfos.with(index, info);
    this.events.emit('workerStarted', info);
  }

  async close(): Promise<void> {
    for (const room of this.openRooms) room.close('media fabric closed');
  }
}

/** A running worker without load. */
export const fakeWorker = (index: number, changes: Partial<WorkerInfo> = {}): WorkerInfo => ({
  index,
  state: 'running',
  draining: false,
  pid: 1000 + index,
  version: '3.27.1',
  routers: 0,
  transports: 0,
  standbys: 0,
  producers: 0,
  consumers: 0,
  cpu: 0,
  memory: 30_000_000,
  ...changes,
});
