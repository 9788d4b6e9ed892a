import { availableParallelism } from 'node:os';
import { workerLogTags } from '../../media/settings.ts';
import { choice, choices, file, flag, group, hosts, ipAddress, port, whole } from '../setting.ts';

const dtlsDefault = 'made by each worker';

export const mediaSettings = group(
  { title: 'Media', doc: 'The mediasoup workers and the ports that audio, video and data flow through.' },
  {
    workers: whole(
      availableParallelism,
      { min: 1, max: 256 },
      {
        flag: 'workers',
        doc: 'Media worker processes. A room uses as many of them as its load asks for.',
        standard: 'the number of CPU cores',
      },
    ),
    workerBin: file({
      flag: 'worker-bin',
      env: ['MEDIASOUP_WORKER_BIN'],
      doc: 'The mediasoup-worker program.',
      standard: 'the one that the set-up found or built',
    }),
    listenIp: ipAddress('0.0.0.0', {
      flag: 'media-listen-ip',
      env: ['MEDIASOUP_LISTEN_IP'],
      doc: 'Address that the media sockets are bound to.',
    }),
    announcedAddresses: hosts({
      flag: 'announced-addresses',
      env: ['MEDIASOUP_ANNOUNCED_IP'],
      doc: 'Addresses or host names under which clients reach the media ports. Behind NAT: the public one.',
      standard: 'loopback and every address of this machine',
    }),
    useWebRtcServer: flag(true, {
      flag: 'use-webrtc-server',
      env: ['MEDIASOUP_USE_WEBRTC_SERVER'],
      doc: 'Whether all clients of a worker share one port. Otherwise each transport takes one from the range below.',
    }),
    webRtcServerPort: port(44_444, {
      flag: 'webrtc-server-port',
      doc: 'UDP and TCP port of the first worker; each further worker takes the next one.',
    }),
    rtcMinPort: port(40_000, {
      flag: 'rtc-min-port',
      env: ['MEDIASOUP_MIN_PORT'],
      doc: 'First port for plain transports (ffmpeg, GStreamer), and for WebRTC without the shared port.',
    }),
    rtcMaxPort: port(49_999, { flag: 'rtc-max-port', env: ['MEDIASOUP_MAX_PORT'], doc: 'Last port of that range.' }),
    logLevel: choice(['debug', 'warn', 'error', 'none'], 'warn', {
      flag: 'worker-log-level',
      doc: 'What the workers log. Can be changed while they run.',
    }),
    logTags: choices(
      workerLogTags,
      ['info', 'ice', 'dtls', 'rtp', 'srtp', 'rtcp', 'rtx', 'bwe', 'score', 'simulcast', 'svc', 'sctp'],
      { flag: 'worker-log-tags', doc: 'Subjects that the workers log. Can be changed while they run.' },
    ),
    dtlsCertificateFile: file({
      flag: 'worker-certificate-file',
      env: ['WORKER_CERT_FULLCHAIN'],
      doc: 'Certificate of the workers for DTLS, in PEM form.',
      standard: dtlsDefault,
    }),
    dtlsPrivateKeyFile: file({
      flag: 'worker-private-key-file',
      env: ['WORKER_CERT_PRIVKEY'],
      doc: 'Private key of that certificate, in PEM form.',
      standard: dtlsDefault,
    }),
    initialOutgoingBitrate: whole(
      1_000_000,
      { min: 30_000, max: 1_000_000_000 },
      {
        flag: 'initial-outgoing-bitrate',
        doc: 'Where the bandwidth estimation towards a client begins.',
        unit: 'bits a second',
      },
    ),
    minOutgoingBitrate: whole(
      200_000,
      { min: 0, max: 10_000_000 },
      {
        flag: 'min-outgoing-bitrate',
        doc: 'Below this the estimation of the bandwidth towards a client does not fall: it errs on busy machines, and one picture, the shared screen first, is to come through beside the sound. 0 for no such limit.',
        unit: 'bits a second',
      },
    ),
    maxIncomingBitrate: whole(
      6_000_000,
      { min: 0, max: 1_000_000_000 },
      {
        flag: 'max-incoming-bitrate',
        doc: 'The most that one client may send on one transport; 0 for no limit.',
        unit: 'bits a second',
      },
    ),
    maxSctpMessageBytes: whole(
      262_144,
      { min: 1_024, max: 16_777_216 },
      {
        flag: 'max-sctp-message-bytes',
        doc: 'Largest message on a data channel.',
        unit: 'bytes',
      },
    ),
    measureEverySeconds: whole(
      2,
      { min: 0, max: 3_600 },
      {
        flag: 'measure-every-seconds',
        doc: 'How often the load of each worker is measured; 0 switches it off.',
        unit: 'seconds',
      },
    ),
  },
);
