import { Paperclip } from 'lucide-react';
import { useRef } from 'react';
import { useCall, useRoom } from '../call/context.tsx';
import { useText } from '../i18n/text.tsx';
import { IconButton } from '../ui/button.tsx';
import { useFileDrop } from './use-file-drop.ts';

/** Whether files can be offered here, by us. */
export function useMayAttach(): boolean {
  const { room } = useCall();
  const allowed = useRoom((state) => state.me.permissions.includes('publishData'));
  return allowed && room.files.maxBytes > 0;
}

export function AttachButton() {
  const { chat } = useText();
  const { actions } = useCall();
  const input = useRef<HTMLInputElement>(null);
  if (!useMayAttach()) return null;
  return (
    <>
      <IconButton
        label={chat.attach}
        icon={<Paperclip size={20} />}
        onPress={() => input.current?.click()}
        testId="attach"
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={chat.attach}
        data-testid="attach-input"
        onChange={(event) => {
          actions.offerFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}

/** Says what happens to files that hang over the call. */
export function DropZone() {
  const { chat } = useText();
  const { actions } = useCall();
  const over = useFileDrop(useMayAttach(), actions.offerFiles);
  if (!over) return null;
  return (
    <div className="drop-zone" data-testid="drop-zone">
      <p>
        <Paperclip size={28} aria-hidden="true" />
        {chat.file.drop}
      </p>
    </div>
  );
}
