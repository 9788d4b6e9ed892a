import type { ChatMessage } from '@potluck/protocol';

/** What was said in a room: the last so many messages, in order. */
export class Chat {
  readonly #limit: number;
  readonly #messages: ChatMessage[];

  constructor(limit: number, history: readonly ChatMessage[] = []) {
    this.#limit = limit;
    this.#messages = history.slice(-limit);
  }

  get history(): readonly ChatMessage[] {
    return this.#messages;
  }

  /** Keeps a message; one with the sender and id of an earlier one is that one, asked for again. */
  post(message: ChatMessage): { message: ChatMessage; fresh: boolean } {
    const earlier = this.#messages.find(({ id, peerId }) => id === message.id && peerId === message.peerId);
    if (earlier !== undefined) return { message: earlier, fresh: false };
    this.#messages.push(message);
    if (this.#messages.length > this.#limit) this.#messages.shift();
    return { message, fresh: true };
  }
}
