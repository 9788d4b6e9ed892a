import { useCall, useRoom } from '../call/context.tsx';
import { useText } from '../i18n/text.tsx';
import { Button } from '../ui/button.tsx';
import { Plate } from '../ui/plate-view.tsx';

/** Who waits to be let in, for those who may let them in. */
export function Lobby() {
  const { people, common } = useText();
  const { actions } = useCall();
  const lobby = useRoom((state) => state.lobby);
  if (lobby.length === 0) return null;
  return (
    <section className="lobby" aria-label={people.waiting}>
      <h3>{people.waiting}</h3>
      <ul>
        {lobby.map(({ peerId, displayName }) => (
          <li key={peerId} data-testid="waiting-person">
            <Plate name={displayName} id={peerId} />
            <span className="person-name">{displayName || common.unnamed}</span>
            <Button onPress={() => actions.moderate((moderation) => moderation.deny(peerId))} testId="deny">
              {people.deny}
            </Button>
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
