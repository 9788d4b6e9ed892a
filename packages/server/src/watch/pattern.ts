import type { LogLevel } from '@potluck/kernel';

/** Decides by name whether a line is written. */
export type Pattern = { readonly text: string; allows(name: string): boolean };

/**
 * The patterns of the `debug` package: names separated by spaces or commas, `*` for anything, a leading `-` excludes and
 * wins over what includes.
 */
export function compilePattern(text: string): Pattern {
  const words = text.split(/[\s,]+/u).filter((word) => word !== '');
  const excluded = words.filter((word) => word.startsWith('-')).map((word) => matcher(word.slice(1)));
  const included = words.filter((word) => !word.startsWith('-')).map(matcher);
  return {
    text,
    allows: (name) => included.some((one) => one.test(name)) && !excluded.some((one) => one.test(name)),
  };
}

const matcher = (word: string): RegExp =>
  new RegExp(`^${word.replaceAll(/[.+?^${}()|[\]\\]/gu, '\\$&').replaceAll(/\*+/gu, '.*')}$`, 'u');

const tags: Record<LogLevel, string> = { error: 'ERROR:', warn: 'WARN:', info: 'INFO:', debug: '' };

/**
 * The name that patterns are matched against: `potluck:INFO:session`, at level debug `potluck:session`, as the demo's server
 * named its lines. Lines of mediasoup keep its own names: `mediasoup:WARN:Worker`.
 */
export function lineName(level: LogLevel, namespace: string): string {
  const key = `${level} ${namespace}`;
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = makeName(level, namespace);
  names.set(key, name);
  return name;
}

/** Parts of the program are few, lines are many. */
const names = new Map<string, string>();

function makeName(level: LogLevel, namespace: string): string {
  const [inMediasoup, part = ''] = /(?:^|:)mediasoup(?::(?:mediasoup$)?(.*))?$/u.exec(namespace) ?? [];
  const [product, rest] = inMediasoup === undefined ? ['potluck', namespace] : ['mediasoup', part];
  return `${product}:${tags[level]}${rest}`.replace(/:$/u, '');
}
