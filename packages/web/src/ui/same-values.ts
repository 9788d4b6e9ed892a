/** Whether two flat objects of one type have the same values. */
export function sameValues<T extends object>(before: T, after: T): boolean {
  const names = Object.keys(after) as (keyof T)[];
  return names.every((name) => Object.is(before[name], after[name]));
}
