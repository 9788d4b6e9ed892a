import type { LogFacts } from '@potluck/kernel';

/** Facts with such names are never written, wherever they stand. */
const secretName =
  /token|secret|passw|authorization|cookie|credential|privatekey|^sdp$|sdp(offer|answer)|^(offer|answer)$/iu;
const maxDepth = 4;
const maxItems = 20;
const maxText = 500;
const mask = '[hidden]';

/** What may be written of facts: secrets masked, errors as objects, nothing without end. */
export function redact(facts: LogFacts): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, secretName.test(name) ? mask : clean(value, 1)]),
  );
}

function clean(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return value.length > maxText ? `${value.slice(0, maxText)}… (${value.length} characters)` : value;
    case 'bigint':
      return String(value);
    case 'function':
    case 'symbol':
      return `[${typeof value}]`;
    case 'object':
      return value === null ? null : cleanObject(value, depth);
    default:
      return value;
  }
}

function cleanObject(value: object, depth: number): unknown {
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= maxDepth) return Array.isArray(value) ? `[${value.length} items]` : '[object]';
  if (Array.isArray(value)) {
    const shown = value.slice(0, maxItems).map((item) => clean(item, depth + 1));
    return value.length > maxItems ? [...shown, `… ${value.length - maxItems} more`] : shown;
  }
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, maxItems)
      .map(([name, member]) => [name, secretName.test(name) ? mask : clean(member, depth + 1)]),
  );
}

function describeError(error: Error, depth: number): object {
  const cause = error.cause === undefined || depth >= maxDepth ? undefined : clean(error.cause, depth + 1);
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    name: error.name,
    message: clean(error.message, depth),
    ...(typeof code === 'string' && { code }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(cause !== undefined && { cause }),
  };
}
