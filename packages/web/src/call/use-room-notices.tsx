import { useEffect } from 'react';
import { useText } from '../i18n/text.tsx';
import { useCall } from './context.tsx';
import { errorWords } from './error-words.ts';

/** Turns what happens in the room into short messages. */
export function useRoomNotices(): void {
  const { room, notices, ui, actions } = useCall();
  const texts = useText();
  useEffect(() => {
    const name = (displayName: string) => displayName || texts.common.unnamed;
    const offs = [
      room.events.on('participantJoined', ({ displayName }) => notices.joined(name(displayName))),
      room.events.on('participantLeft', ({ displayName }) => notices.left(name(displayName))),
      room.events.on('chatReceived', (message) => {
        if (message.peerId === room.state.me.id || ui.get().panel === 'chat') return;
        notices.say(`${name(message.displayName)}: ${message.text.slice(0, 120)}`);
      }),
      room.events.on('fileOffered', (file) => {
        if (ui.get().panel === 'chat') return;
        notices.say(texts.chat.file.offered(name(file.displayName), file.name));
      }),
      room.events.on('mutedByModerator', ({ source }) =>
        notices.say(texts.notices.mutedByModerator(texts.stats.sources[source])),
      ),
      room.events.on('unmuteAsked', () =>
        notices.offer(texts.notices.unmuteAsked, {
          label: texts.notices.unmuteNow,
          run: () => actions.setMicrophone(true),
        }),
      ),
      room.events.on('warned', (error) => notices.complain(errorWords(error, texts))),
    ];
    return () => offs.forEach((off) => off());
  }, [room, notices, ui, actions, texts]);
  useEffect(() => {
    let raised = new Set(
      room.state.participants.filter(({ handRaisedAt }) => handRaisedAt !== undefined).map(({ id }) => id),
    );
    let waiting = new Set(room.state.lobby.map(({ peerId }) => peerId));
    let { role } = room.state.me;
    const became = {
      host: texts.notices.nowHost,
      cohost: texts.notices.nowCohost,
      speaker: texts.notices.nowSpeaker,
      viewer: texts.notices.nowViewer,
    };
    return room.subscribe(() => {
      const { lobby, me } = room.state;
      if (me.role !== role) notices.say(became[me.role]);
      role = me.role;
      for (const { peerId, displayName } of lobby)
        if (!waiting.has(peerId)) notices.say(texts.notices.waits(displayName || texts.common.unnamed));
      waiting = new Set(lobby.map(({ peerId }) => peerId));
      const up = room.state.participants.filter(({ handRaisedAt }) => handRaisedAt !== undefined);
      for (const { id, displayName } of up)
        if (!raised.has(id)) notices.say(texts.notices.handRaised(displayName || texts.common.unnamed));
      raised = new Set(up.map(({ id }) => id));
    });
  }, [room, notices, texts]);
}
