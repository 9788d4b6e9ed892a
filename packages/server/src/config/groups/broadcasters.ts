import { flag, group, whole } from '../setting.ts';

export const broadcasterSettings = group(
  {
    title: 'Broadcasters',
    doc: 'Participants driven over HTTP: ffmpeg, GStreamer, devices, scripts.',
  },
  {
    maxPerRoom: whole(
      50,
      { min: 0, max: 10_000 },
      {
        flag: 'max-broadcasters',
        doc: 'Broadcasters in one room at once. More are refused with status 429.',
        unit: 'broadcasters',
      },
    ),
    maxConsumers: whole(
      256,
      { min: 0, max: 10_000 },
      {
        flag: 'max-consumers-per-broadcaster',
        doc: 'Tracks and data channels that one broadcaster receives.',
        unit: 'consumers',
      },
    ),
    idleSeconds: whole(
      30,
      { min: 1, max: 86_400 },
      {
        flag: 'broadcaster-idle-seconds',
        doc: 'A broadcaster from which no packet and no request came for so long is put out. One that only receives shows by its RTCP reports that it lives.',
        unit: 'seconds',
      },
    ),
    requireSecret: flag(false, {
      flag: 'require-broadcaster-secret',
      doc: 'Whether requests about a broadcaster must carry the secret from the answer to its creation. Scripts for the mediasoup demo do not know it. A wrong secret is always refused.',
    }),
  },
);
