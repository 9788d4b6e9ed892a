/** What a trial and the processes of its bots say to each other. Times are those of `now.ts`. */

export type BotPlace = {
  /** Of the server's plain HTTP. */
  readonly port: number;
  readonly roomId: string;
  /** Has its media go through a relay of its own, at this address, to these ports of the server. */
  readonly link?: { readonly address: string; readonly ports: readonly number[]; readonly seed: number } | undefined;
  /** How many pictures it shows; default all. */
  readonly tiles?: number | undefined;
  /** Whether its microphone hears a tone. Default true. */
  readonly sounds?: boolean | undefined;
};

/** A bot as it stands. */
export type BotLook = {
  readonly connection: string;
  readonly muted: boolean;
  readonly participants: readonly {
    readonly id: string;
    readonly tracks: readonly { readonly source: string; readonly paused: boolean }[];
  }[];
  readonly chat: readonly string[];
  /** When something was heard or seen last. Keys: `anna microphone`. */
  readonly last: { readonly [key: string]: number };
  /** Tiles that were without a track for a moment though their owner sent. */
  readonly blanks: number;
  /** Warnings of the SDK, with how often each came. */
  readonly warnings: readonly (readonly [text: string, count: number])[];
  readonly rejections: readonly string[];
};

export type BotGaps = {
  /** Longest time without anything, for each of the others' tracks. */
  readonly gaps: { readonly [key: string]: number };
  /** Longest time for which the process itself did nothing: no gap can be told from that. */
  readonly stalled: number;
};

/** Every order is for one bot, by its name. */
export type BotOrders = {
  open(place: BotPlace): Promise<void>;
  look(): Promise<BotLook>;
  /** Forgets what was seen and heard before that. */
  trim(before: number): Promise<void>;
  gaps(from: number, to: number): Promise<BotGaps>;
  rejoin(): Promise<void>;
  toggleMute(): Promise<void>;
  sendChat(text: string): Promise<void>;
  cut(ms: number): Promise<void>;
  delay(byMs: number, forMs: number): Promise<void>;
  lose(share: number, forMs: number): Promise<void>;
  lag(byMs: number, forMs: number): Promise<void>;
  /** Lines about what it receives, for when something is wrong. */
  evidence(): Promise<string[]>;
  close(): Promise<void>;
};

export type OrderName = keyof BotOrders;
export type OrderMessage = {
  readonly id: number;
  readonly bot: string;
  readonly order: OrderName;
  readonly args: readonly unknown[];
};
export type AnswerMessage =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly code: string; readonly error: string };
