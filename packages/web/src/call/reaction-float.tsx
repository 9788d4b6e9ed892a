import { useEffect, useState } from 'react';
import { useCall } from './context.tsx';
import './reaction.css';

type Floating = { id: number; emoji: string; drift: number };
const most = 6;

/** Emoji that rise over a tile and are gone. */
export function ReactionFloat({ peerId }: { peerId: string }) {
  const { room } = useCall();
  const [floating, setFloating] = useState<readonly Floating[]>([]);
  useEffect(() => {
    let count = 0;
    return room.events.on('reactionShown', (reaction) => {
      if (reaction.peerId !== peerId) return;
      const id = ++count;
      setFloating((before) => [...before, { id, emoji: reaction.emoji, drift: ((id * 37) % 60) - 30 }].slice(-most));
    });
  }, [room, peerId]);
  return floating.map(({ id, emoji, drift }) => (
    <span
      key={id}
      className="reaction"
      style={{ marginInlineStart: drift }}
      onAnimationEnd={() => setFloating((before) => before.filter((other) => other.id !== id))}
      aria-hidden="true"
    >
      {emoji}
    </span>
  ));
}
