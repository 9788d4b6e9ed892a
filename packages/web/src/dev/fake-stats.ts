import type { ParticipantState, PeerId, StreamStats } from '@potluck/client';

type Stream = { peerId: PeerId; source: StreamStats['source']; direction: StreamStats['direction']; seed: number };

/** Numbers that move like those of a call; `bad`: of a call over a weak line. */
export function fakeStats(me: PeerId, participants: readonly ParticipantState[], bad: boolean): StreamStats[] {
  const streams: Stream[] = [
    { peerId: me, source: 'camera', direction: 'send', seed: 1 },
    { peerId: me, source: 'microphone', direction: 'send', seed: 2 },
    ...participants.flatMap(({ id, tracks }, index) =>
      tracks.map(({ source }): Stream => ({ peerId: id, source, direction: 'receive', seed: 3 + index })),
    ),
  ];
  const now = performance.now() / 1000;
  return streams.map(({ peerId, source, direction, seed }): StreamStats => {
    const wave = (period: number) => 0.5 + 0.5 * Math.sin((2 * Math.PI * now) / period + seed * 1.7);
    const video = source === 'camera' || source === 'screen';
    const weak = bad && (seed % 4 === 0 || direction === 'send');
    return {
      direction,
      peerId,
      source,
      kind: video ? 'video' : 'audio',
      codec: video ? 'VP8' : 'opus',
      bitrate: video ? (weak ? 120_000 : 620_000) + 240_000 * wave(14) : 32_000 + 9_000 * wave(7),
      loss: weak ? 0.03 + 0.08 * wave(12) : 0.004 * wave(9),
      roundTripTime: (weak ? 180 : 28) + 22 * wave(17),
      jitter: 3 + 4 * wave(8),
      framesPerSecond: video ? (weak ? 9 + 6 * wave(10) : 28 + 2 * wave(6)) : undefined,
      width: video ? (weak ? 320 : 1280) : undefined,
      height: video ? (weak ? 180 : 720) : undefined,
      limitedBy: direction === 'send' && video ? (weak ? 'bandwidth' : 'none') : undefined,
    };
  });
}
