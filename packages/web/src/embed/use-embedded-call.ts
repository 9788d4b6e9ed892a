import { useEffect } from 'react';
import type { RoomState } from '@potluck/client';
import type { Actions } from '../call/actions.ts';
import type { CallRoom } from '../call/port.ts';
import { isSending } from '../grid/tiles.ts';
import type { Embedder } from './embedder.ts';
import type { EmbedEvent } from './messages.ts';

/** Tells the page around the call what happens, and does what it asks for. */
export function useEmbeddedCall(embedder: Embedder | undefined, room: CallRoom, actions: Actions): void {
  useEffect(() => {
    if (embedder === undefined) return undefined;
    let told: readonly EmbedEvent[] = [];
    const look = () => {
      const facts = factsOf(room.state);
      const before = new Set(told.map((fact) => JSON.stringify(fact)));
      for (const fact of facts) if (!before.has(JSON.stringify(fact))) embedder.tell(fact);
      told = facts;
    };
    look();
    const offs = [
      room.subscribe(look),
      embedder.onCommand((asked) => {
        if (asked.command === 'leave') actions.leave();
        if (asked.command === 'microphone' && isSending(room.state.me.microphone) !== asked.on)
          actions.toggleMicrophone();
        if (asked.command === 'camera' && isSending(room.state.me.camera) !== asked.on) actions.toggleCamera();
      }),
    ];
    return () => offs.forEach((off) => off());
  }, [embedder, room, actions]);
}

function factsOf({ connection, me, participants }: RoomState): EmbedEvent[] {
  if (connection.kind === 'ended') return [{ event: 'ended', reason: connection.reason }];
  if (connection.kind === 'joining') return [];
  return [
    { event: 'joined', peerId: me.id },
    { event: 'participants', count: participants.length + 1 },
    { event: 'microphone', on: isSending(me.microphone) },
    { event: 'camera', on: isSending(me.camera) },
  ];
}
