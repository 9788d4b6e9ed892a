export { FakeFabric, fakeWorker } from './fake-fabric.ts';
export { FakeRoomMedia, type FakeMethod } from './fake-room-media.ts';
export type {
  FakeConsumer,
  FakeDataConsumer,
  FakeDataProducer,
  FakeProducer,
  FakeTransport,
} from './fake-media-objects.ts';
export { fakeRtpCapabilities, fakeRtpParameters } from './fake-rtp.ts';
export { FakeClock } from './clock.ts';
export { FakeSocket, socketPair, type SocketPair } from './fake-socket.ts';
export { nextEvent, settle, waitFor, within, type WaitOptions } from './wait.ts';
export { SignallingClient } from './signalling-client.ts';
