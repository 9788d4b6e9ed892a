import { flag, group, optionalText, whole } from '../setting.ts';

export const roomSettings = group(
  { title: 'Rooms', doc: 'What holds in every room.' },
  {
    maxRooms: whole(
      1_000,
      { min: 1, max: 100_000 },
      { flag: 'max-rooms', doc: 'Rooms open at once. More are refused with status 503.', unit: 'rooms' },
    ),
    maxPeers: whole(
      500,
      { min: 1, max: 10_000 },
      { flag: 'max-peers', doc: 'Participants of one room, broadcasters included.', unit: 'participants' },
    ),
    maxTransportsPerPeer: whole(
      16,
      { min: 2, max: 1_000 },
      { flag: 'max-transports-per-peer', doc: 'Media transports of one participant.', unit: 'transports' },
    ),
    maxProducersPerPeer: whole(
      16,
      { min: 1, max: 1_000 },
      { flag: 'max-producers-per-peer', doc: 'Audio and video streams that one participant sends.', unit: 'producers' },
    ),
    maxDataProducersPerPeer: whole(
      64,
      { min: 1, max: 1_000 },
      {
        flag: 'max-data-producers-per-peer',
        doc: 'Data channels that one participant sends on. Existing clients open new ones after each recovery.',
        unit: 'data producers',
      },
    ),
    maxFileBytes: whole(
      200_000_000,
      { min: 0, max: 10_000_000_000 },
      {
        flag: 'max-file-bytes',
        doc: 'The largest file that may be offered in the chat. Files go from participant to participant through the media engine; nothing is stored here. 0 allows none.',
        unit: 'bytes',
      },
    ),
    maxFilesPerPeer: whole(
      20,
      { min: 0, max: 1_000 },
      { flag: 'max-files-per-peer', doc: 'Files that one participant offers at the same time.', unit: 'files' },
    ),
    maxConsumerReplicas: whole(
      16,
      { min: 0, max: 100 },
      {
        flag: 'max-consumer-replicas',
        doc: 'The most that a client may ask for with consumerReplicas.',
        unit: 'replicas',
      },
    ),
    loudestSpeakers: whole(
      12,
      { min: 1, max: 10_000 },
      {
        flag: 'loudest-speakers',
        doc: 'Microphones that are forwarded at once. While no more are in the room, all are; beyond that those who spoke last and loudest. Clients of mediasoup-demo v3 get all.',
        unit: 'microphones',
      },
    ),
    chatHistory: whole(
      200,
      { min: 0, max: 10_000 },
      { flag: 'chat-history', doc: 'Chat messages kept for those who join later.', unit: 'messages' },
    ),
    graceSeconds: whole(
      30,
      { min: 0, max: 3_600 },
      {
        flag: 'grace-seconds',
        doc: 'How long a participant whose connection dropped stays in the room and may come back with its media.',
        unit: 'seconds',
      },
    ),
    reconnectingAfterSeconds: whole(
      2,
      { min: 0, max: 3_600 },
      {
        flag: 'reconnecting-after-seconds',
        doc: 'How long a connection is gone before the others see that a participant is reconnecting.',
        unit: 'seconds',
      },
    ),
    connectSeconds: whole(
      120,
      { min: 10, max: 3_600 },
      {
        flag: 'connect-seconds',
        doc: 'How long ICE and DTLS of a transport may take once its client begins to connect it, and after each ICE restart; then it is closed. One that is never connected is not.',
        unit: 'seconds',
      },
    ),
    iceConsentTimeoutSeconds: whole(
      20,
      { min: 1, max: 600 },
      {
        flag: 'ice-consent-timeout-seconds',
        doc: 'A client that sends no ICE consent check (RFC 7675) for so long counts as disconnected. The engine takes 10 to 60: less counts as 10, more as 60.',
        unit: 'seconds',
      },
    ),
    standby: flag(true, {
      flag: 'standby',
      doc: 'Whether each participant keeps an idle pair of transports on a second worker, so that sound and picture go on at once when a worker dies. Costs some two packets a second and participant.',
    }),
    firstMessageSeconds: whole(
      30,
      { min: 1, max: 3_600 },
      {
        flag: 'first-message-seconds',
        doc: 'A client that connects and says nothing for so long is closed with code 1008.',
        unit: 'seconds',
      },
    ),
    joinSeconds: whole(
      300,
      { min: 1, max: 86_400 },
      {
        flag: 'join-seconds',
        doc: 'A client that is connected for so long and has not joined is closed with code 1008. Browsers may ask for the camera before.',
        unit: 'seconds',
      },
    ),
    lobbySeconds: whole(
      3_600,
      { min: 10, max: 86_400 },
      {
        flag: 'lobby-seconds',
        doc: 'How long somebody may wait to be let in.',
        unit: 'seconds',
      },
    ),
    networkThrottleSecret: optionalText({
      flag: 'network-throttle-secret',
      env: ['NETWORK_THROTTLE_SECRET'],
      doc: 'Secret that allows a client to throttle the network of this machine, for tests.',
      standard: 'none, so nobody can',
      secret: true,
    }),
  },
);
