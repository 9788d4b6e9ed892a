import { createRequire } from 'node:module';
import { ortc } from 'mediasoup';
import type { types } from 'mediasoup';
import { clonePlain, share } from './fast-clone.ts';

type Ask = {
  readonly consumableRtpParameters: types.RtpParameters;
  readonly remoteRtpCapabilities: types.RtpCapabilities;
  readonly pipe: boolean;
  readonly enableRtx: boolean;
};
type Make = (ask: Ask) => types.RtpParameters;

/** Capabilities that mediasoup has looked through already, and that nobody changes. */
const checked = new WeakSet();

/**
 * Checks the capabilities of receivers once, instead of at every consumer. Throws what mediasoup throws when they are wrong.
 */
export function checkOnce(capabilities: types.RtpCapabilities): types.RtpCapabilities {
  const copy = clonePlain(capabilities);
  ortc.validateAndNormalizeRtpCapabilities(copy);
  checked.add(share(copy));
  return copy;
}

/**
 * What a consumer sends follows from its producer and from the capabilities of its receiver; only the SSRC is its own.
 * mediasoup works it out for each: with a hundred people that is the same 19,800 times, and twenty objects each time. Here
 * it is worked out once for each producer and kind of receiver, and shared. Where mediasoup's own functions are not found,
 * everything stays as it is.
 */
export function installSharedParameters(): boolean {
  const fromHere = createRequire(import.meta.url);
  try {
    const found: unknown = createRequire(fromHere.resolve('mediasoup'))('./ortc');
    if (!isOrtc(found)) return false;
    if (!installed.has(found.getConsumerRtpParameters)) {
      const make = found.getConsumerRtpParameters;
      const check = found.validateAndNormalizeRtpCapabilities;
      found.getConsumerRtpParameters = sharing(make);
      found.validateAndNormalizeRtpCapabilities = (capabilities) => {
        if (!checked.has(capabilities)) check(capabilities);
      };
      installed.add(found.getConsumerRtpParameters);
    }
    return true;
  } catch {
    return false;
  }
}

const installed = new WeakSet();

/** A function that shares what it made for the same question. */
export function sharing(make: Make): Make {
  const known = new WeakMap<object, WeakMap<object, Map<boolean, types.RtpParameters>>>();
  return (ask) => {
    const { consumableRtpParameters, remoteRtpCapabilities, pipe, enableRtx } = ask;
    if (pipe || !checked.has(remoteRtpCapabilities)) return make(ask);
    let ofProducer = known.get(consumableRtpParameters);
    if (!ofProducer) known.set(consumableRtpParameters, (ofProducer = new WeakMap()));
    let ofReceiver = ofProducer.get(remoteRtpCapabilities);
    if (!ofReceiver) ofProducer.set(remoteRtpCapabilities, (ofReceiver = new Map<boolean, types.RtpParameters>()));
    let made = ofReceiver.get(enableRtx);
    if (!made) {
      // mediasoup writes into what it is given.
      const own = structuredClone({ consumableRtpParameters, remoteRtpCapabilities });
      ofReceiver.set(enableRtx, (made = share(make({ ...own, pipe, enableRtx }))));
    }
    return { ...made, encodings: (made.encodings ?? []).map(withOwnSsrc) };
  };
}

/** As mediasoup numbers them: nine digits, and the next one for retransmissions. */
function withOwnSsrc(encoding: types.RtpEncodingParameters): types.RtpEncodingParameters {
  const ssrc = 100_000_000 + Math.floor(Math.random() * 900_000_000);
  return { ...encoding, ssrc, ...(encoding.rtx && { rtx: { ssrc: ssrc + 1 } }) };
}

type Ortc = {
  getConsumerRtpParameters: Make;
  validateAndNormalizeRtpCapabilities: (capabilities: types.RtpCapabilities) => void;
};
const isOrtc = (found: unknown): found is Ortc =>
  typeof found === 'object' &&
  found !== null &&
  'getConsumerRtpParameters' in found &&
  typeof found.getConsumerRtpParameters === 'function' &&
  'validateAndNormalizeRtpCapabilities' in found &&
  typeof found.validateAndNormalizeRtpCapabilities === 'function';
