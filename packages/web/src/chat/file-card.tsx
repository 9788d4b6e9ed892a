import type { SharedFile } from '@potluck/client';
import { Check, Download, File as FileIcon, FileX, RotateCcw, Save, Undo2, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useCall, useRoom } from '../call/context.tsx';
import { languages } from '../i18n/languages.ts';
import { useLanguage, useText } from '../i18n/text.tsx';
import { IconButton } from '../ui/button.tsx';
import { isPicture, percentOf, sizeText } from './file-words.ts';
import { saveAs } from './save.ts';

/** A file in the chat: what it is, how far it is, and what can be done with it. */
export function FileCard({ file }: { file: SharedFile }) {
  const { tag } = languages[useLanguage()];
  const { fetch } = file;
  return (
    <div
      className="file-card"
      data-testid="file-card"
      data-state={file.own ? 'own' : fetch.kind}
      data-lost={isLost(file) || undefined}
    >
      {fetch.kind === 'done' && isPicture(file) && <FilePicture blob={fetch.blob} type={file.type} name={file.name} />}
      <div className="file-line">
        <span className="file-icon">
          {isLost(file) ? <FileX size={20} aria-hidden="true" /> : <FileIcon size={20} aria-hidden="true" />}
        </span>
        <span className="file-words">
          <span className="file-name">{file.name}</span>
          <small>
            {sizeText(file.size, tag)} <FileState file={file} />
          </small>
        </span>
        <FileActions file={file} />
      </div>
      {fetch.kind === 'running' && <Bar file={file} received={fetch.received} />}
      {file.own && <Sending file={file} />}
    </div>
  );
}

/** It did not come, or nobody has it any more. */
const isLost = ({ own, available, fetch }: SharedFile): boolean =>
  !own && (fetch.kind === 'failed' ? fetch.why !== 'cancelled' : fetch.kind === 'none' && !available);

function FileState({ file: { own, available, fetch, receivedBy, size } }: { file: SharedFile }) {
  const { chat } = useText();
  const words = () => {
    if (own) return available ? receivedBy.length > 0 && chat.file.fetchedBy(receivedBy.length) : chat.file.withdrawn;
    if (fetch.kind === 'waiting') return chat.file.waiting;
    if (fetch.kind === 'running') return chat.file.percent(percentOf(fetch.received, size));
    if (fetch.kind === 'failed' && fetch.why !== 'cancelled') return chat.file.failed[fetch.why];
    if (fetch.kind === 'done') return fetch.verified ? chat.file.complete : chat.file.arrived;
    return !available && chat.file.gone;
  };
  const text = words();
  return text === false ? null : <span data-testid="file-state">· {text}</span>;
}

function FileActions({ file }: { file: SharedFile }) {
  const { chat } = useText();
  const { room, actions } = useCall();
  const { id, name, fetch, own, available } = file;
  if (own) {
    if (!available) return null;
    return (
      <IconButton
        label={chat.file.withdraw(name)}
        icon={<Undo2 size={18} />}
        onPress={() => actions.withdrawFile(id)}
        testId="file-withdraw"
      />
    );
  }
  if (fetch.kind === 'done') {
    return (
      <IconButton
        label={chat.download(name)}
        icon={<Save size={20} />}
        tone="primary"
        onPress={() => saveAs(fetch.blob, name)}
        testId="file-save"
      />
    );
  }
  if (fetch.kind === 'waiting' || fetch.kind === 'running') {
    return (
      <IconButton
        label={chat.file.cancel(name)}
        icon={<X size={18} />}
        onPress={() => room.files.fetch(id).cancel()}
        testId="file-cancel"
      />
    );
  }
  if (!available || (fetch.kind === 'failed' && !fetch.retry)) return null;
  const again = fetch.kind === 'failed';
  return (
    <IconButton
      label={again ? chat.file.again(name) : chat.file.get(name)}
      icon={again ? <RotateCcw size={18} /> : <Download size={20} />}
      tone="plain"
      onPress={() => actions.fetchFile(id)}
      testId="file-get"
    />
  );
}

function Sending({ file }: { file: SharedFile }) {
  const { chat, common } = useText();
  const { room } = useCall();
  const people = useRoom((state) => state.participants);
  const nameOf = (peerId: string) => people.find(({ id }) => id === peerId)?.displayName || common.unnamed;
  return (
    <>
      {file.sending.map(({ peerId, received }) => (
        <div key={peerId} className="file-sending" data-testid="file-sending">
          <small>
            {chat.file.to(nameOf(peerId))} · {chat.file.percent(percentOf(received, file.size))}
          </small>
          <IconButton
            label={chat.file.stop(nameOf(peerId))}
            icon={<X size={14} />}
            onPress={() => room.files.stopSending(file.id, peerId)}
          />
          <Bar file={file} received={received} />
        </div>
      ))}
      {file.receivedBy.length > 0 && (
        <small className="file-receivers">
          <Check size={14} aria-hidden="true" />
          {file.receivedBy.map(nameOf).join(', ')}
        </small>
      )}
    </>
  );
}

function Bar({ file: { name, size, own }, received }: { file: SharedFile; received: number }) {
  const { chat } = useText();
  const percent = percentOf(received, size);
  return (
    <div
      className="file-bar"
      role="progressbar"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={own ? chat.sending(percent) : chat.receiving(percent)}
      data-testid="file-progress"
    >
      {/* Moved, not resized, and without a transition: a page that draws each frame of a long transfer has less time for the call. */}
      <span style={{ transform: `translateX(${percent - 100}%)` }} />
    </div>
  );
}

/** Drawn, never run: only as an image, and only of types that cannot carry scripts. */
function FilePicture({ blob, type, name }: { blob: Blob; type: string; name: string }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([blob], { type }));
    // oxlint-disable-next-line react/set-state-in-effect -- an address is made by an effect, and revoked by it
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob, type]);
  return url === undefined ? null : <img className="file-picture" src={url} alt={name} data-testid="file-picture" />;
}
