import type { types } from 'mediasoup-client';

/**
 * A data channel that never opens. The SDK asks for one on a transport to bring ICE and DTLS up before there is media, as
 * standby transports have it; load clients connect every transport as soon as it is made, and send no data.
 */
class SilentDataChannel extends EventTarget {
  readonly readyState = 'connecting';
  readonly bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  binaryType = 'arraybuffer';
  readonly label: string;
  readonly protocol: string;

  constructor({ label = '', protocol = '' }: { label?: string | undefined; protocol?: string | undefined }) {
    super();
    this.label = label;
    this.protocol = protocol;
  }

  close(): void {}

  /** For interfaces that ask for the browser's type, of which this is the part that they use. */
  asChannel(): RTCDataChannel {
    return this as unknown as RTCDataChannel;
  }
}

let nextStreamId = 0;

export function silentSendChannel(
  options: types.HandlerSendDataChannelOptions,
): Promise<types.HandlerSendDataChannelResult> {
  const { label, protocol, ...rest } = options.sctpStreamParameters;
  const dataChannel = new SilentDataChannel({ label, protocol }).asChannel();
  nextStreamId = (nextStreamId + 1) % 1024;
  return Promise.resolve({ dataChannel, sctpStreamParameters: { ...rest, streamId: nextStreamId } });
}

export function silentReceiveChannel({
  label,
  protocol,
}: types.HandlerReceiveDataChannelOptions): Promise<types.HandlerReceiveDataChannelResult> {
  return Promise.resolve({ dataChannel: new SilentDataChannel({ label, protocol }).asChannel() });
}
