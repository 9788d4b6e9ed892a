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
};

declare global {
  var __potluckInbound: () => Promise<InboundTrack[]>;
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
  globalThis.__potluckInbound = async () => {
    const open = [...connections].filter(({ connectionState }) => connectionState !== 'closed');
    const reports = await Promise.all(open.map((connection) => connection.getStats()));
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
        })),
    );
  };
}
