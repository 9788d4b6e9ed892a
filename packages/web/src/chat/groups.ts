import type { ChatMessage, SharedFile } from '@potluck/client';

/** What stands in the chat: something said, or a file. */
export type ChatItem =
  | { readonly kind: 'message'; readonly id: string; readonly message: ChatMessage }
  | { readonly kind: 'file'; readonly id: string; readonly file: SharedFile };

/** What one sender wrote and offered in a row, shown under one name. */
export type ChatGroup = {
  readonly peerId: string;
  readonly displayName: string;
  readonly sentAt: number;
  readonly items: readonly ChatItem[];
};

const pauseMs = 3 * 60_000;

export function groupItems(messages: readonly ChatMessage[], files: readonly SharedFile[]): ChatGroup[] {
  const groups: { peerId: string; displayName: string; sentAt: number; items: ChatItem[]; lastAt: number }[] = [];
  for (const { item, peerId, displayName, at } of inOrder(messages, files)) {
    const group = groups.at(-1);
    const same = group?.peerId === peerId && group.displayName === displayName && at - group.lastAt < pauseMs;
    if (group !== undefined && same) {
      group.items.push(item);
      group.lastAt = at;
    } else groups.push({ peerId, displayName, sentAt: at, items: [item], lastAt: at });
  }
  return groups;
}

function inOrder(messages: readonly ChatMessage[], files: readonly SharedFile[]) {
  const said = messages.map((message) => {
    const { id, peerId, displayName, sentAt } = message;
    return { item: { kind: 'message', id, message } as const, peerId, displayName, at: sentAt };
  });
  const offered = files.map((file) => {
    const { id, peerId, displayName, offeredAt } = file;
    return { item: { kind: 'file', id, file } as const, peerId, displayName, at: offeredAt };
  });
  return [...said, ...offered].toSorted((a, b) => a.at - b.at);
}
