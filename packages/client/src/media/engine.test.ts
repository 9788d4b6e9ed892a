import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeHandler, testFakeParameters, type types } from 'mediasoup-client';
import { RtpCapabilities } from '@potluck/protocol';
import { deviceMaker } from './device.ts';
import { startEngine } from './engine.ts';

function countingFactory() {
  const fake = FakeHandler.createFactory(testFakeParameters);
  const asked: string[] = [];
  const factory: types.HandlerFactory = {
    ...fake,
    getNativeRtpCapabilities(options) {
      asked.push(options.direction);
      return fake.getNativeRtpCapabilities(options);
    },
  };
  return { factory, asked };
}

const routerCapabilities = (): RtpCapabilities =>
  RtpCapabilities.parse(structuredClone(testFakeParameters.generateRouterRtpCapabilities()));

describe('the engine of a browser', () => {
  it('is asked what it can before there is a room, and not again for any', async () => {
    const { factory, asked } = countingFactory();
    const { make: makeDevice } = deviceMaker({ handlerFactory: factory });
    await new Promise(setImmediate);
    assert.deepEqual(asked, ['recvonly', 'sendonly']);
    const devices = [await makeDevice(routerCapabilities(), []), await makeDevice(routerCapabilities(), [])];
    assert.ok(devices.every((device) => device.canSend('audio') && device.rtpCapabilities.codecs?.length));
    assert.equal(asked.length, 2);
  });

  it('is refused by a name that is not known, which is allowed in the words of the error', async () => {
    await assert.rejects(startEngine({ handlerName: 'Netscape4' }), /must be one of Chrome111, /u);
  });

  it('is missed only by who makes a device', async () => {
    const { make: makeDevice, started } = deviceMaker({});
    await started;
    await assert.rejects(makeDevice(routerCapabilities(), []), { code: 'unsupported' });
  });
});
