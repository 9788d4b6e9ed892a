/** Where a token leads to; without a room, to the page where one is chosen. The best link comes first. */
export function tokenLink(
  { local, others }: { local: string; others: readonly string[] },
  token: string,
  roomId?: string,
): string {
  const url = new URL(others[0] ?? local);
  if (roomId !== undefined) url.pathname = `/r/${encodeURIComponent(roomId)}`;
  url.searchParams.set('token', token);
  return url.href;
}
