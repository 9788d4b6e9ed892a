import type { ChatMessage, PeerId, SharedFile } from '@potluck/client';

export function conversation(): ChatMessage[] {
  const at = Date.now() - 600_000;
  const say = (index: number, peerId: string, displayName: string, text: string): ChatMessage => ({
    id: String(index),
    peerId: peerId as PeerId,
    displayName,
    text,
    sentAt: at + index * 20_000,
  });
  return [
    say(
      0,
      'peer1',
      'Ada Lovelace',
      'Good morning! Here is the agenda: https://example.org/agenda/2026-11 (second page is new).',
    ),
    say(1, 'peer1', 'Ada Lovelace', 'Two points first, then questions.'),
    say(2, 'me', 'Mara', 'Thanks, I can see it.'),
    say(3, 'peer4', '王小明', '早上好，我这边声音很清楚。'),
    say(14, 'peer2', 'Bo', '👍'),
    say(25, 'me', 'Mara', 'Let me share the numbers.\nThey are from yesterday evening.'),
  ];
}

type Told = Omit<Partial<SharedFile>, 'peerId' | 'id'> & { from: readonly [string, string]; name: string };

const ada = ['peer1', 'Ada Lovelace'] as const;
const wang = ['peer4', '王小明'] as const;
const me = ['me', 'Mara'] as const;
const to = (peerId: string) => peerId as PeerId;

const theirs: readonly Told[] = [
  { from: ada, name: 'agenda of November, second draft with all of the annexes.pdf' },
  { from: ada, name: 'numbers.xlsx', fetch: { kind: 'running', received: 1_900_000 } },
  { from: ada, name: 'minutes.docx', fetch: { kind: 'failed', why: 'corrupt', retry: true } },
  { from: wang, name: '照片.zip', fetch: { kind: 'failed', why: 'left', retry: true }, available: false },
  { from: wang, name: 'notes.txt', fetch: { kind: 'done', blob: new Blob(['notes']), verified: true } },
];
const own: readonly Told[] = [
  { from: ada, name: 'map.png', type: 'image/png', fetch: { kind: 'waiting' } },
  { from: me, name: 'pear tart.txt', size: 2_400 },
  {
    from: me,
    name: 'recipe.mp4',
    sending: [
      { peerId: to('peer1'), received: 3_000_000 },
      { peerId: to('peer3'), received: 700_000 },
    ],
    receivedBy: [to('peer2'), to('peer4')],
  },
  { from: me, name: 'draft.txt', available: false },
];

/** One of each kind that there is to see, of others or mostly our own. */
export function sharedFiles(whose: 'theirs' | 'own'): SharedFile[] {
  const at = Date.now() - 90_000;
  return (whose === 'own' ? own : theirs).map(({ from: [peerId, displayName], name, ...rest }, index) => ({
    id: `file${index}` as SharedFile['id'],
    peerId: to(peerId),
    displayName,
    name,
    size: 4_812_034,
    type: 'application/octet-stream',
    offeredAt: at + index * 1000,
    own: peerId === 'me',
    available: true,
    fetch: { kind: 'none' },
    sending: [],
    receivedBy: [],
    ...rest,
  }));
}
