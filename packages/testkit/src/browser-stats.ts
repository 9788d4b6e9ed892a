/** One received track, as the browser counts it. */
export type InboundTrack = {
  readonly id: string;
  readonly kind: 'audio' | 'video';
  readonly framesDecoded: number;
  readonly width: number;
  readonly height: number;
  /** Total audio energy (W3C webrtc-stats §8.2): stays 0 for silence. */
  readonly energy: number;
  readonly packets: number;
  readonly bytes: number;
};

/** One encoding of a sent picture. */
export type OutboundLayer = {
  readonly rid: string;
  /** As `video/VP8`; empty until something was encoded. */
  readonly codec: string;
  readonly scalabilityMode: string;
  /** Whether it is encoded at all (W3C webrtc-stats §8.4). */
  readonly active: boolean;
  /** Of a shared screen: Chromium says `contentType`. */
  readonly screen: boolean;
  readonly framesEncoded: number;
  readonly keyFramesEncoded: number;
};

declare global {
  var __potluckInbound: () => Promise<InboundTrack[]>;
  var __potluckOutbound: () => Promise<OutboundLayer[]>;
  var __potluckPaths: () => Promise<string[]>;
}

/** Runs in the page before its own scripts: keeps every RTCPeerConnection, so that a test can ask what really flows. */
export function watchPeerConnections(): void {
  const connections = new Set<RTCPeerConnection>();
  const Original = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.add(this);
    }
  };
  const reportsOf = () => {
    const open = [...connections].filter(({ connectionState }) => connectionState !== 'closed');
    return Promise.all(open.map((connection) => connection.getStats()));
  };
  globalThis.__potluckOutbound = async () =>
    (await reportsOf()).flatMap((report) =>
      [...report.values()]
        .filter(({ type, kind }) => type === 'outbound-rtp' && kind === 'video')
        .map((stats) => ({
          rid: stats.rid ?? '',
          codec: report.get(stats.codecId)?.mimeType ?? '',
          scalabilityMode: stats.scalabilityMode ?? '',
          active: stats.active ?? true,
          screen: stats.contentType === 'screenshare',
          framesEncoded: stats.framesEncoded ?? 0,
          keyFramesEncoded: stats.keyFramesEncoded ?? 0,
        })),
    );
  globalThis.__potluckPaths = async () =>
    (await reportsOf()).flatMap((report) =>
      [...report.values()]
        .filter(({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded')
        .map(({ localCandidateId }) => report.get(localCandidateId)?.protocol ?? ''),
    );
  globalThis.__potluckInbound = async () => {
    const reports = await reportsOf();
    return reports.flatMap((report, index) =>
      [...report.values()]
        .filter(({ type }) => type === 'inbound-rtp')
        .map((stats) => ({
          id: `${index} ${stats.id}`,
          kind: stats.kind,
          framesDecoded: stats.framesDecoded ?? 0,
          width: stats.frameWidth ?? 0,
          height: stats.frameHeight ?? 0,
          energy: stats.totalAudioEnergy ?? 0,
          packets: stats.packetsReceived ?? 0,
          bytes: stats.bytesReceived ?? 0,
        })),
    );
  };
}
