/**
 * `open`: anyone enters. `guests`: anyone with the link, after somebody who may lets them in. `members`: only with a
 * token.
 */
const accessModes = ['open', 'guests', 'members'] as const;
export type AccessMode = (typeof accessModes)[number];
