/**
 * Runs in a page: joins the plain way of mediasoup-demo v3, one step after the other as its app does, with mediasoup-client.
 * The page's address says where: `?room=…&peer=…`.
 */
import { Device, type types } from 'mediasoup-client';
import { loaded } from './loaded.ts';

// eslint-disable-next-line typescript/no-explicit-any -- protoo messages as they come
type Json = any;

const query = new URLSearchParams(location.search);
await loaded();
const socket = new WebSocket(
  `ws://${location.host}/?roomId=${query.get('room') ?? ''}&peerId=${query.get('peer') ?? ''}`,
  'protoo',
);
const pending = new Map<number, (data: Json) => void>();
let lastId = 0;
let receiving: types.Transport | undefined;

function request(method: string, data: object = {}): Promise<Json> {
  const id = ++lastId;
  socket.send(JSON.stringify({ request: true, id, method, data }));
  return new Promise((resolve) => pending.set(id, resolve));
}

socket.onmessage = ({ data }: MessageEvent<string>) => {
  const message: Json = JSON.parse(data);
  if (message.response === true) pending.get(message.id)?.(message.data);
  if (message.request === true && message.method === 'newConsumer') consume(message).catch(console.error);
};

async function consume({ id, data }: Json): Promise<void> {
  await receiving?.consume({
    id: data.id,
    producerId: data.producerId,
    kind: data.kind,
    rtpParameters: data.rtpParameters,
  });
  socket.send(JSON.stringify({ response: true, id, ok: true, data: {} }));
}

async function open(device: Device, producing: boolean): Promise<types.Transport> {
  const info = await request('createWebRtcTransport', { forceTcp: false, producing, consuming: !producing });
  const transport = producing ? device.createSendTransport(info) : device.createRecvTransport(info);
  transport.on('connect', ({ dtlsParameters }, done, fail) => {
    request('connectWebRtcTransport', { transportId: transport.id, dtlsParameters }).then(done, fail);
  });
  transport.on('produce', ({ kind, rtpParameters }, done, fail) => {
    request('produce', { transportId: transport.id, kind, rtpParameters, appData: {} }).then(done, fail);
  });
  return transport;
}

/** As the demo's app sends, and the SDK too. */
const layers = [150_000, 450_000, 1_400_000].map((maxBitrate, index) => ({
  maxBitrate,
  scaleResolutionDownBy: 4 >> index,
  scalabilityMode: 'L1T3',
}));

async function join(): Promise<void> {
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities: await request('getRouterRtpCapabilities') });
  const sending = await open(device, true);
  receiving = await open(device, false);
  await request('join', {
    displayName: 'Bob',
    device: { flag: 'chrome', name: 'Chrome', version: '156' },
    rtpCapabilities: device.recvRtpCapabilities,
  });
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720 } });
  for (const track of media.getTracks()) {
    await sending.produce({ track, ...(track.kind === 'video' && { encodings: layers }) });
  }
}

socket.onopen = () => void join().catch(console.error);
