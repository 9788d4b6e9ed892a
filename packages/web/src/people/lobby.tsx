import { X } from 'lucide-react';
import { useCall, useRoom } from '../call/context.tsx';
import type { CallRoom } from '../call/port.ts';
import { useText } from '../i18n/text.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Plate } from '../ui/plate-view.tsx';

/** Who waits to be let in, for those who may let them in. */
export function Lobby() {
  const { people, common } = useText();
  const { actions } = useCall();
  const lobby = useRoom((state) => state.lobby);
  if (lobby.length === 0) return null;
  const admitAll = async (moderation: CallRoom['moderation']) => {
    await Promise.all(lobby.map(({ peerId }) => moderation.admit(peerId)));
  };
  return (
    <section className="lobby" aria-label={people.waiting}>
      <header>
        <h3>{people.waiting}</h3>
        {lobby.length > 1 && (
          <Button onPress={() => actions.moderate(admitAll)} testId="admit-all">
            {people.admitAll}
          </Button>
        )}
      </header>
      <ul>
        {lobby.map(({ peerId, displayName }) => (
          <li key={peerId} data-testid="waiting-person">
            <Plate name={displayName} id={peerId} />
            <span className="person-name">{displayName || common.unnamed}</span>
            <IconButton
              label={people.deny}
              icon={<X size={18} />}
              tone="plain"
              onPress={() => actions.moderate((moderation) => moderation.deny(peerId))}
              testId="deny"
            />
            <Button
              tone="primary"
              onPress={() => actions.moderate((moderation) => moderation.admit(peerId))}
              testId="admit"
            >
              {people.admit}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
