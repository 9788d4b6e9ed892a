import { SmilePlus } from 'lucide-react';
import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { useText } from '../i18n/text.tsx';
import { IconButton } from '../ui/button.tsx';
import { LightPopover } from '../ui/light-popover.tsx';
import { useCall } from './context.tsx';

export const reactions = ['👍', '👏', '❤️', '😂', '😮', '🎉', '🤔', '👎'] as const;

/** Emoji to show over the own tile. Stays open, so that one can clap twice. */
export function ReactionMenu() {
  const { call, reactions: words } = useText();
  return (
    <DialogTrigger>
      <IconButton label={call.react} icon={<SmilePlus size={22} />} tone="plain" testId="react" />
      <LightPopover className="popover" placement="top" offset={10}>
        <Dialog className="reaction-row" aria-label={words.title}>
          <ReactionRow />
        </Dialog>
      </LightPopover>
    </DialogTrigger>
  );
}

export function ReactionRow() {
  const { actions } = useCall();
  return reactions.map((emoji) => (
    <Button key={emoji} className="emoji-button" aria-label={emoji} onPress={() => actions.react(emoji)}>
      {emoji}
    </Button>
  ));
}
