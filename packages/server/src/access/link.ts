/**
 * Where a token leads to; without a room, to the page where one is chosen. The best link comes first. The token is in the
 * fragment, which browsers send to no server: proxies do not log it, and no Referer carries it.
 */
export function tokenLink(
  { local, others }: { local: string; others: readonly string[] },
  token: string,
  roomId?: string,
): string {
  const url = new URL(others[0] ?? local);
  if (roomId !== undefined) url.pathname = `/r/${encodeURIComponent(roomId)}`;
  url.hash = new URLSearchParams({ token }).toString();
  return url.href;
}
