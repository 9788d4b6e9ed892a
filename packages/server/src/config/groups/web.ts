import { homedir } from 'node:os';
import { join } from 'node:path';
import { file, flag, group, host, ipAddress, networks, origins, port, text, whole } from '../setting.ts';

export const httpsSettings = group(
  {
    title: 'HTTPS and signalling',
    doc: 'The server that browsers reach: web app, HTTP API and WebSocket on one port.',
  },
  {
    listenIp: ipAddress('::', {
      flag: 'listen-ip',
      doc: 'Address to listen on.',
      standard: '::, which is every IPv4 and IPv6 address',
    }),
    port: port(4443, { flag: 'port', env: ['PROTOO_LISTEN_PORT'], doc: 'TCP port of HTTPS and WebSocket.' }),
    certificateFile: file({
      flag: 'certificate-file',
      env: ['HTTPS_CERT_FULLCHAIN'],
      doc: 'Certificate chain in PEM form. It is read again when the file changes, without a restart.',
      standard: 'a self-signed certificate, made and kept in the data folder',
    }),
    privateKeyFile: file({
      flag: 'private-key-file',
      env: ['HTTPS_CERT_PRIVKEY'],
      doc: 'Private key of the certificate in PEM form.',
      standard: 'the key of the self-signed certificate',
    }),
    domain: host({
      flag: 'domain',
      env: ['DOMAIN'],
      doc: 'Name under which browsers reach this server: in the links shown at start and in the self-signed certificate.',
      standard: 'the addresses of this machine',
    }),
    allowedOrigins: origins({
      flag: 'allowed-origins',
      doc: 'Web pages that may open a WebSocket here. Programs that are no browsers send no origin and are not held back.',
      standard: 'every origin, as existing clients expect',
    }),
    frameAncestors: origins({
      flag: 'frame-ancestors',
      doc: 'Web pages of others that may show calls in a frame; docs/embedding.md explains how.',
      standard: 'none',
    }),
    trustedProxies: networks({
      flag: 'trusted-proxies',
      doc: 'Proxies in front of this server whose X-Forwarded-For is believed when a client is counted or logged by its address.',
      standard: 'none',
    }),
  },
);

export const httpSettings = group(
  {
    title: 'HTTP on this machine',
    doc: 'The same server without TLS, on the loopback interface alone: browsers treat localhost as secure, so a call works there without a certificate warning.',
  },
  {
    enabled: flag(true, { flag: 'http', doc: 'Whether plain HTTP is served on loopback.' }),
    // 44 + 80, beside 44 + 43: not assigned to anything one meets, and outside the range of outgoing connections.
    port: port(4480, { flag: 'http-port', doc: 'TCP port of plain HTTP.' }),
  },
);

const aDay = 86_400;

export const socketSettings = group(
  { title: 'Limits of WebSockets', doc: 'What one connection, one address and all of them together may use.' },
  {
    maxMessageBytes: whole(
      960_000,
      { min: 1_000, max: 100_000_000 },
      {
        flag: 'max-message-bytes',
        doc: 'Largest message from a client. A larger one closes its socket with code 1009.',
        unit: 'bytes',
      },
    ),
    maxQueuedBytes: whole(
      8 * 1024 * 1024,
      { min: 1_000_000, max: 1_000_000_000 },
      {
        flag: 'max-queued-bytes',
        doc: 'What may wait for a client that receives too slowly. Beyond it the socket is closed with code 1008.',
        unit: 'bytes',
      },
    ),
    messageBurst: whole(
      2_000,
      { min: 10, max: 1_000_000 },
      {
        flag: 'message-burst',
        doc: 'Messages that a client may send at once. Beyond it the socket is closed with code 1008.',
        unit: 'messages',
      },
    ),
    messagesPerSecond: whole(
      500,
      { min: 1, max: 1_000_000 },
      {
        flag: 'messages-per-second',
        doc: 'Messages a second that a client may send for ever.',
        unit: 'messages a second',
      },
    ),
    pingAfterSeconds: whole(
      60,
      { min: 1, max: aDay },
      {
        flag: 'ping-after-seconds',
        doc: 'A client that was silent this long is pinged.',
        unit: 'seconds',
      },
    ),
    pongWithinSeconds: whole(
      10,
      { min: 1, max: aDay },
      {
        flag: 'pong-within-seconds',
        doc: 'When nothing at all arrives this long after a ping, the socket is destroyed.',
        unit: 'seconds',
      },
    ),
    maxSockets: whole(
      10_000,
      { min: 1, max: 1_000_000 },
      {
        flag: 'max-sockets',
        doc: 'WebSockets open at once. More are refused with status 503.',
        unit: 'sockets',
      },
    ),
    maxSocketsPerAddress: whole(
      1_000,
      { min: 1, max: 1_000_000 },
      {
        flag: 'max-sockets-per-address',
        doc: 'WebSockets open at once from one address; for IPv6 from one /64 network. More are refused with status 429.',
        unit: 'sockets',
      },
    ),
  },
);

export const dataSettings = group(
  { title: 'Data', doc: 'What the server keeps.' },
  {
    folder: text(() => join(homedir(), '.local', 'share', 'potluck'), {
      flag: 'data-folder',
      doc: 'Folder for the self-signed certificate and whatever else is kept. Made with mode 0700.',
      standard: '$XDG_DATA_HOME/potluck, or ~/.local/share/potluck',
    }),
  },
);
