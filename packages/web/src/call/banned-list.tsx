import type { Banned } from '@potluck/client';
import { useEffect, useState } from 'react';
import { useText } from '../i18n/text.tsx';
import { Button } from '../ui/button.tsx';
import { Plate } from '../ui/plate-view.tsx';
import { useCall } from './context.tsx';
import type { CallRoom } from './port.ts';

/** Who was put out for good, for those who may let them in again. Read when it is opened: nobody waits behind it. */
export function BannedList() {
  const { door, common } = useText();
  const { actions } = useCall();
  const [banned, setBanned] = useState<readonly Banned[]>([]);
  useEffect(() => {
    let shown = true;
    actions.moderate(async (moderation) => {
      const bans = await moderation.bans();
      if (shown) setBanned(bans);
    });
    return () => {
      shown = false;
    };
  }, [actions]);
  const letIn = (peerId: Banned['peerId']) => async (moderation: CallRoom['moderation']) => {
    await moderation.liftBan(peerId);
    setBanned(await moderation.bans());
  };
  if (banned.length === 0) return null;
  return (
    <section className="banned" aria-label={door.banned}>
      <h3>{door.banned}</h3>
      <ul>
        {banned.map(({ peerId, displayName }) => (
          <li key={peerId} data-testid="banned-person">
            <Plate name={displayName} id={peerId} />
            <span className="person-name">{displayName || common.unnamed}</span>
            <Button onPress={() => actions.moderate(letIn(peerId), door.wasLifted)} testId="lift-ban">
              {door.lift}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
