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
