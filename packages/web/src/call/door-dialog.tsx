import { useState, type SubmitEvent } from 'react';
import { useText } from '../i18n/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Toggle } from '../ui/toggle.tsx';
import { BannedList } from './banned-list.tsx';
import { useCall, useRoom } from './context.tsx';
import './door.css';

/** The lock and the password of the room, and who was put out, for those who may change it. */
export function DoorDialog({ onClose }: { onClose(): void }) {
  const { door } = useText();
  const { actions } = useCall();
  const { locked, passwordSet } = useRoom((state) => state.rules);
  const mayBan = useRoom((state) => state.me.permissions.includes('ban'));
  const [password, setPassword] = useState('');
  const set = (event: SubmitEvent) => {
    event.preventDefault();
    if (password === '') return;
    actions.moderate((moderation) => moderation.setPassword(password), door.wasSet);
    setPassword('');
  };
  return (
    <Dialog title={door.title} onClose={onClose} testId="door-dialog">
      <div className="door">
        <Toggle
          label={door.lock}
          help={door.lockHelp}
          isSelected={locked}
          onChange={(on) => actions.moderate((moderation) => moderation.setLocked(on))}
          testId="lock-room"
        />
        <form className="door-password" onSubmit={set}>
          <Field
            label={door.ask}
            value={password}
            onChange={setPassword}
            maxLength={200}
            autoComplete="off"
            testId="room-password"
          />
          <p>{passwordSet ? `${door.isSet} ${door.askHelp}` : door.askHelp}</p>
          <div className="door-ways">
            <Button type="submit" tone="primary" isDisabled={password === ''} testId="set-password">
              {passwordSet ? door.change : door.set}
            </Button>
            {passwordSet && (
              <Button
                onPress={() => actions.moderate((moderation) => moderation.setPassword(), door.wasRemoved)}
                testId="remove-password"
              >
                {door.remove}
              </Button>
            )}
          </div>
        </form>
        {mayBan && <BannedList />}
      </div>
    </Dialog>
  );
}
