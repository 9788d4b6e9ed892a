import type { ChatMessage } from '@potluck/client';

/** Messages of one sender in a row, shown under one name. */
export type MessageGroup = {
  readonly peerId: string;
  readonly displayName: string;
  readonly sentAt: number;
  readonly messages: readonly ChatMessage[];
};

const pauseMs = 3 * 60_000;

export function groupMessages(messages: readonly ChatMessage[]): MessageGroup[] {
  const groups: { peerId: string; displayName: string; sentAt: number; messages: ChatMessage[] }[] = [];
  for (const message of messages) {
    const { peerId, displayName, sentAt } = message;
    const group = groups.at(-1);
    const last = group?.messages.at(-1);
    if (
      group !== undefined &&
      last !== undefined &&
      group.peerId === peerId &&
      group.displayName === displayName &&
      sentAt - last.sentAt < pauseMs
    ) {
      group.messages.push(message);
    } else groups.push({ peerId, displayName, sentAt, messages: [message] });
  }
  return groups;
}
