/** Every screen of the book: what it is called, how `scenes.html` is asked for it, what is pressed before the picture is taken. */
export type Scene = {
  readonly name: string;
  readonly title: string;
  /** Of `scenes.html`. */
  readonly query: string;
  /** Test ids to press, in order. A screen that is too narrow for one does without. */
  readonly press?: readonly string[];
  /** What is pressed is pressed once: it opens nothing that another size would have to open anew. */
  readonly once?: true;
  /** What has to hold in the page first. */
  readonly awaits?: string;
  /** Lets the scene's own events happen just before the picture. */
  readonly happens?: true;
};

/** Plots are worth looking at once they have a past. */
export const manyReadings = `(document.querySelector('.sparkline polyline')?.points.length ?? 0) >= 8`;

export const screens: readonly Scene[] = [
  { name: 'home', title: 'The start page', query: 'scene=home&recent' },
  { name: 'preview', title: 'Before the call', query: 'scene=preview' },
  {
    name: 'blur',
    title: 'With the background blurred',
    query: 'scene=preview&blur',
    awaits: `document.querySelector('.preview-picture video') !== null`,
  },
  { name: 'preview-refused', title: 'Camera and microphone refused', query: 'scene=preview&refused' },
  { name: 'lobby', title: 'Waiting to be let in', query: 'scene=call&connection=lobby' },
  { name: 'password', title: 'A room with a password', query: 'scene=password&wrong' },
  { name: 'alone', title: 'The first one in a room', query: 'people=1&chat=off' },
  { name: 'two', title: 'A conversation of two', query: 'people=2&chat=off' },
  { name: 'chat', title: 'Chat', query: 'people=5&panel=chat' },
  {
    name: 'files',
    title: 'Files from others: offered, coming, damaged, gone, here',
    query: 'people=5&panel=chat&chat=off&files=theirs',
  },
  {
    name: 'files-own',
    title: 'Files of one’s own: offered, sent, taken back',
    query: 'people=5&panel=chat&chat=off&files=own',
  },
  { name: 'chat-empty', title: 'Nothing said yet', query: 'people=3&panel=chat&chat=off' },
  { name: 'people', title: 'People, and who waits', query: 'people=9&panel=people&waiting' },
  {
    name: 'moderation',
    title: 'What a host can do',
    query: 'people=5&panel=people&chat=off',
    press: ['person-menu-button'],
  },
  {
    name: 'moderated',
    title: 'What a moderator did, and who knocks',
    query: 'people=5&moderated&chat=off',
    happens: true,
  },
  { name: 'end', title: 'Ending it for everyone', query: 'people=4&dialog=end' },
  {
    name: 'encrypted',
    title: 'Encrypted end to end; one has another key',
    query: 'people=6&encrypted&locked=one&chat=off',
  },
  { name: 'key-needed', title: 'Encrypted, and one came without the key', query: 'people=4&locked=all&chat=off' },
  { name: 'screen', title: 'A shared screen', query: 'people=6&screens=1' },
  { name: 'screens', title: 'Two shared screens', query: 'people=8&screens=2' },
  { name: 'speaker', title: 'Speaker layout', query: 'people=7&mode=speaker' },
  { name: 'sidebar', title: 'Sidebar layout, one pinned', query: 'people=9&mode=sidebar&pin=peer2' },
  { name: 'plates', title: 'Cameras off', query: 'people=7&cameras=off' },
  {
    name: 'notices',
    title: 'Much happens at once',
    query: 'people=8&notices&reactions&muted&connection=lost',
    happens: true,
  },
  {
    name: 'weak',
    title: 'A weak line',
    query: 'people=6&bad&chat=off',
    awaits: `document.querySelector('.quality-mark') !== null`,
  },
  { name: 'more', title: 'The menu', query: 'people=4', press: ['more'] },
  { name: 'invite', title: 'Invite', query: 'people=4&dialog=invite' },
  { name: 'door', title: 'Who may enter', query: 'people=4&dialog=door&banned' },
  { name: 'settings', title: 'Settings', query: 'people=4&dialog=settings' },
  { name: 'statistics', title: 'Statistics', query: 'people=3&dialog=statistics&bad', awaits: manyReadings },
  {
    name: 'throttle',
    title: 'Making the network bad',
    query: 'people=3&dialog=statistics&throttle',
    press: ['throttle-apply'],
    once: true,
    awaits: manyReadings,
  },
  { name: 'shortcuts', title: 'Keys', query: 'people=4&dialog=shortcuts' },
  { name: 'left', title: 'After the call', query: 'scene=ended&reason=left' },
  { name: 'unreachable', title: 'The server is away', query: 'scene=ended&reason=unreachable' },
];

/** The one in the README. */
export const poster: Scene = { name: 'call', title: 'A call', query: 'people=6&panel=chat' };

export const counts = [1, 2, 3, 5, 9, 16, 49] as const;
export const tables: readonly Scene[] = counts.map((count) => ({
  name: `tiles-${count}`,
  title: `${count}`,
  query: `people=${count}&chat=off`,
}));

/** Every other way in which a call ends, or does not begin. */
export const endings: readonly Scene[] = [
  'kicked', 'banned', 'denied', 'locked', 'full', 'busy', 'rateLimited', 'tokenNeeded', 'tokenExpired', 'tokenForOtherRoom', 'tokenRefused', 'replaced',
  'roomClosed', 'serverStopping', 'refused', 'unsupported', 'internal',
].map((reason) => ({ name: `ended-${reason}`, title: reason, query: `scene=ended&reason=${reason}&message=the server said so` })); // prettier-ignore

export const sizes = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
export const landscape = { width: 740, height: 360 } as const;
export type Size = { readonly width: number; readonly height: number };
export const themes = ['light', 'dark'] as const;
export const languages = ['en', 'zh'] as const;
