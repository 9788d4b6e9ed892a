import type { ParticipantState, PeerId, RoomState } from '@potluck/client';

/** What a busy room does to its state, more often than real ones do: levels, speakers, scores, hands, mutes, leaves and joins. */
export function bustle(room: { readonly state: RoomState; change(next: Partial<RoomState>): void }): void {
  let turn = 0;
  const everybody = room.state.participants;
  const anyone = () => room.state.participants[(turn * 7) % room.state.participants.length]!;
  const replace = (id: PeerId, change: (old: ParticipantState) => ParticipantState) =>
    room.change({ participants: room.state.participants.map((one) => (one.id === id ? change(one) : one)) });
  setInterval(() => {
    turn += 1;
    room.change({ speaking: [{ peerId: anyone().id, volume: -20 - (turn % 20) }] });
    if (turn % 5 === 0) room.change({ downlink: 3_000_000 + ((turn * 37_000) % 900_000) });
    if (turn % 2 === 0)
      replace(anyone().id, (one) => ({
        ...one,
        tracks: one.tracks.map((track) => ({ ...track, score: { own: 9 + (turn % 2), producer: 10 } })),
      }));
    if (turn % 15 === 0) room.change({ activeSpeaker: anyone().id });
    if (turn % 10 === 0)
      replace(anyone().id, (one) => ({
        ...one,
        tracks: one.tracks.map((track) =>
          track.source === 'microphone' ? { ...track, paused: !track.paused } : track,
        ),
      }));
    if (turn % 20 === 0)
      replace(anyone().id, (one) => ({
        ...one,
        handRaisedAt: one.handRaisedAt === undefined ? Date.now() : undefined,
      }));
    // The last one leaves and comes again.
    if (turn % 25 === 0)
      room.change({
        participants:
          room.state.participants.length < everybody.length ? everybody : room.state.participants.slice(0, -1),
      });
  }, 200);
}
