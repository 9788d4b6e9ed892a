import { ArrowDown, MessageSquare, SendHorizontal, Smile, X } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button as PlainButton } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { useCall, useRoom } from '../call/context.tsx';
import { languages } from '../i18n/languages.ts';
import { useLanguage, useText } from '../i18n/text.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { LightPopover } from '../ui/light-popover.tsx';
import { emoji } from './emoji.ts';
import { AttachButton, useMayAttach } from './attach.tsx';
import { FileCard } from './file-card.tsx';
import { groupItems } from './groups.ts';
import { linkify } from './linkify.ts';
import './chat.css';

/** What is being written, and what was. */
export function ChatPanel() {
  const { chat, common } = useText();
  const { actions } = useCall();
  return (
    <aside className="panel chat" aria-label={chat.title} data-testid="chat-panel">
      <header className="panel-head">
        <h2>{chat.title}</h2>
        <IconButton label={common.close} icon={<X size={20} />} onPress={actions.closePanel} testId="close-panel" />
      </header>
      <Messages />
      <Composer />
    </aside>
  );
}

function Messages() {
  const { chat, common } = useText();
  const { tag } = languages[useLanguage()];
  const messages = useRoom((state) => state.chat);
  const own = useRoom((state) => state.me.id);
  const files = useRoom((state) => state.files);
  const groups = useMemo(() => groupItems(messages, files), [messages, files]);
  const { list, atEnd, toEnd } = useStickToEnd(messages.length + files.length);
  return (
    <div className="chat-messages-box">
      <div
        className="chat-messages"
        ref={list}
        role="log"
        aria-label={chat.title}
        tabIndex={0}
        data-testid="chat-messages"
      >
        {groups.length === 0 && (
          <div className="chat-empty">
            <MessageSquare size={32} aria-hidden="true" />
            <p>
              <strong>{chat.empty}</strong>
            </p>
            <p>{chat.emptyHelp}</p>
          </div>
        )}
        {groups.map((group) => (
          <section key={group.items[0]!.id} className="chat-group" data-own={group.peerId === own || undefined}>
            <p className="chat-from">
              <strong>{group.peerId === own ? common.you : group.displayName || common.unnamed}</strong>
              <time>{new Date(group.sentAt).toLocaleTimeString(tag, { hour: 'numeric', minute: '2-digit' })}</time>
            </p>
            {group.items.map((item) =>
              item.kind === 'file' ? (
                <FileCard key={item.id} file={item.file} />
              ) : (
                <p key={item.id} className="chat-text" data-testid="chat-message">
                  <Linked text={item.message.text} />
                </p>
              ),
            )}
          </section>
        ))}
      </div>
      {!atEnd && (
        <span className="chat-more">
          <Button icon={<ArrowDown size={16} />} onPress={toEnd}>
            {chat.newMessages}
          </Button>
        </span>
      )}
    </div>
  );
}

function Linked({ text }: { text: string }) {
  return linkify(text).map((part, index) =>
    part.kind === 'text' ? (
      part.text
    ) : (
      <a key={index} href={part.href} target="_blank" rel="noopener noreferrer">
        {part.text}
      </a>
    ),
  );
}

function Composer() {
  const { chat } = useText();
  const { room, actions } = useCall();
  const mayAttach = useMayAttach();
  const [text, setText] = useState('');
  const [failed, setFailed] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const send = () => {
    const said = text.trim();
    if (said === '') return;
    setText('');
    setFailed(false);
    room.sendChat(said).catch(() => {
      setText((typed) => typed || said);
      setFailed(true);
    });
  };
  const insert = (sign: string) => {
    setText(text + sign);
    field.current?.focus();
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {failed && (
        <p className="composer-failed" role="alert">
          {chat.failed}
        </p>
      )}
      <div className="composer-box">
        <AttachButton />
        <textarea
          ref={field}
          rows={1}
          value={text}
          maxLength={4000}
          placeholder={chat.placeholder}
          aria-label={chat.placeholder}
          data-testid="chat-input"
          onChange={(event) => setText(event.target.value)}
          onPaste={(event) => {
            if (!mayAttach || event.clipboardData.files.length === 0) return;
            event.preventDefault();
            actions.offerFiles([...event.clipboardData.files]);
          }}
          onKeyDown={(event) => {
            // While an input method is composing, Enter belongs to it.
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <EmojiMenu onChoose={insert} />
        <IconButton
          label={chat.send}
          icon={<SendHorizontal size={20} />}
          tone="primary"
          type="submit"
          isDisabled={text.trim() === ''}
          testId="chat-send"
        />
      </div>
    </form>
  );
}

function EmojiMenu({ onChoose }: { onChoose(sign: string): void }) {
  const { chat } = useText();
  return (
    <DialogTrigger>
      <IconButton label={chat.emoji} icon={<Smile size={20} />} testId="emoji" />
      <LightPopover className="popover" placement="top end">
        <Dialog className="emoji-grid" aria-label={chat.emoji}>
          {({ close }) =>
            emoji.map((sign) => (
              <PlainButton
                key={sign}
                className="emoji-button"
                aria-label={sign}
                onPress={() => {
                  onChoose(sign);
                  close();
                }}
              >
                {sign}
              </PlainButton>
            ))
          }
        </Dialog>
      </LightPopover>
    </DialogTrigger>
  );
}

/** Keeps the newest message in view, unless the reader has scrolled up. */
function useStickToEnd(count: number) {
  const list = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const stick = useRef(true);
  useEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const look = () => {
      stick.current = element.scrollHeight - element.scrollTop - element.clientHeight < 48;
      setAtEnd(stick.current);
    };
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, []);
  const toEnd = () => list.current?.scrollTo({ top: list.current.scrollHeight });
  useLayoutEffect(() => {
    if (stick.current) list.current?.scrollTo({ top: list.current.scrollHeight });
    else setAtEnd(false);
  }, [count]);
  return { list, atEnd, toEnd };
}
