import { closeCodes, errorTable, type ErrorCode } from '@potluck/kernel';

const meanings: { readonly [code in ErrorCode]: string } = {
  bad_request: 'What was sent is not what is allowed here; the text names the field and what is allowed.',
  unauthorized: 'The server wants to know who this is: a token is missing or no longer valid.',
  forbidden: 'Known, and not allowed.',
  not_found: 'There is no such thing, or it belongs to somebody else.',
  conflict: 'Possible, but not now: already joined, already connected, not yet joined, an id that is taken.',
  too_large: 'More than the limit that the text names.',
  waiting: 'In the lobby: somebody of the meeting has to open the door.',
  unsupported: 'A codec or kind of media that the room does not have.',
  rate_limited: 'Too many at once, or too fast. Wait, then try again.',
  internal: 'A fault of the server. The reason is in its log, never in the answer.',
  unavailable: 'Not at this moment: the server stops, is full, or a part of it is being replaced. Try again.',
  timeout: 'The other side did not answer in time.',
};

const closings: { readonly [name in keyof typeof closeCodes]: { meaning: string; next: string } } = {
  normal: { meaning: 'The session ended in order.', next: 'may connect again' },
  policy: { meaning: 'Too many messages, or the client does not read what it is sent.', next: 'connects again, later' },
  tooBig: { meaning: 'A message of more than 960,000 bytes.', next: 'connects again' },
  internal: { meaning: 'A fault of the server.', next: 'connects again' },
  restart: { meaning: 'The server restarts or stops.', next: 'connects again and rejoins' },
  tryLater: { meaning: 'The server cannot take this session now.', next: 'connects again, later' },
  ended: {
    meaning: 'Kicked, replaced by a connection with the same peer id, or the room was closed.',
    next: '**stays away**',
  },
  mediaLost: {
    meaning: 'The path of the media was lost (v3 clients only: they know no other way back).',
    next: 'connects again and rejoins',
  },
};

/** docs/errors.md: every failure that the outside can see. */
export function errorDocs(): string {
  const rows = Object.entries(errorTable).map(
    ([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} | ${meanings[code as ErrorCode]} |`,
  );
  const closes = Object.entries(closeCodes)
    .toSorted(([, a], [, b]) => a - b)
    .map(([name, code]) => {
      const { meaning, next } = closings[name as keyof typeof closings];
      return `| ${code} | ${meaning} | ${next} |`;
    });
  return `# Errors

<!-- Made from packages/kernel/src/errors.ts by scripts/docs.ts; change it there. -->

Every failure that leaves the server has a code of this table. The code is the contract; the text is for people, names what was
wrong and what is allowed, and may change.

| code | status | title | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}

## Where they show

- **Signalling**: \`{ "response": true, "id": 7, "ok": false, "errorCode": 404, "errorReason": "…", "error": { "code": "not_found" } }\`.
  \`errorCode\` is the status. Clients of mediasoup-demo v3 only show or log it. Of \`not_found\`, \`"missing": "transport"\` beside
  the code says that there is no such transport (any more): where its worker died, another one is on the way.
- **HTTP**: the status, and \`application/problem+json\` (RFC 9457) to whoever accepts it, with \`type\` \`/problems/<code>\`. The routes of
  mediasoup-demo v3 answer everyone else in the old form.
- **A refused WebSocket upgrade**: the status, an empty body, the text in the header \`X-WebSocket-Reject-Reason\`.
- **SDK**: an \`AppError\` with \`code\` and \`message\`.

## Close codes of the WebSocket

protoo clients connect again after every code but 4000.

| code | meaning | what a client does |
| --- | --- | --- |
${closes.join('\n')}
`;
}
