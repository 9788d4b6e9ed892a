import { KeyRound } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { useText } from '../i18n/text.tsx';
import { goTo } from '../routes/location.ts';
import { AppHeader } from '../ui/app-header.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import './ended.css';

/** At the door of a room with a password. */
export function PasswordPrompt({ wrong, onEnter }: { wrong: boolean; onEnter(password: string): void }) {
  const { door, ended } = useText();
  const [password, setPassword] = useState('');
  const [error, setError] = useState<'passwordWrong' | 'passwordNeeded' | undefined>(
    wrong ? 'passwordWrong' : undefined,
  );
  const enter = (event: SubmitEvent) => {
    event.preventDefault();
    if (password === '') return setError('passwordNeeded');
    onEnter(password);
  };
  return (
    <div className="ended" data-testid="password-prompt">
      <AppHeader />
      <main>
        <span className="ended-plate">
          <KeyRound size={40} aria-hidden="true" />
        </span>
        <h1>{ended.passwordNeeded.title}</h1>
        <p>{ended.passwordNeeded.help}</p>
        <form className="password-form" onSubmit={enter}>
          <Field
            label={door.passwordLabel}
            type="password"
            value={password}
            onChange={(typed) => {
              setPassword(typed);
              setError(undefined);
            }}
            maxLength={200}
            autoComplete="off"
            autoFocus
            error={error && door[error]}
            testId="password-input"
          />
          <Button type="submit" tone="primary" size="large" testId="password-enter">
            {door.enter}
          </Button>
          <Button size="large" onPress={() => goTo('/')} testId="to-home">
            {ended.home}
          </Button>
        </form>
      </main>
    </div>
  );
}
