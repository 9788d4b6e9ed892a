import { useEffect } from 'react';
import { Chime, type Tune } from '../devices/chime.ts';
import { preferences } from '../state/preferences.ts';
import { useCall } from './context.tsx';

/** In larger rooms somebody comes or goes all the time. */
const mostPeople = 8;

/** Short sounds for who comes, who goes and what is written, while they are wished for. */
export function useChimes(): void {
  const { room, ui } = useCall();
  useEffect(() => {
    const chime = new Chime();
    const play = (tune: Tune) => {
      if (preferences.get().sounds) chime.play(tune);
    };
    const small = () => room.state.participants.length < mostPeople;
    const offs = [
      room.events.on('participantJoined', () => small() && play('joined')),
      room.events.on('participantLeft', () => small() && play('left')),
      room.events.on('chatReceived', ({ peerId }) => {
        if (peerId !== room.state.me.id && ui.get().panel !== 'chat') play('message');
      }),
    ];
    return () => {
      offs.forEach((off) => off());
      chime.close();
    };
  }, [room, ui]);
}
