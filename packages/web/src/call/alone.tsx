import { Check, Copy } from 'lucide-react';
import { useText } from '../i18n/text.tsx';
import { Button } from '../ui/button.tsx';
import { useLink } from './context.tsx';
import { useCopied } from './use-copied.ts';
import './alone.css';

/** The first one in a room is shown how to bring the others. */
export function Alone() {
  const { call, invite } = useText();
  const link = useLink();
  const [copied, copy] = useCopied(link);
  return (
    <aside className="alone" data-testid="alone">
      <h2>{call.alone}</h2>
      <p>{call.aloneHelp}</p>
      <p className="alone-link">{link}</p>
      <Button
        tone="primary"
        icon={copied ? <Check size={18} /> : <Copy size={18} />}
        onPress={copy}
        testId="alone-copy"
      >
        {copied ? invite.copied : invite.copy}
      </Button>
    </aside>
  );
}
