/** Changes texts in small ways: as characters, and as the JSON that they mostly are. Same seed, same changes. */
export class Mutator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** One to four changes of one text; sometimes with parts of another. */
  change(text: string, other: string): string {
    let changed = text;
    for (let left = 1 + this.below(4); left > 0; left -= 1) {
      const tree = this.below(8) > 0 ? parsed(changed) : undefined;
      changed = tree === undefined ? this.#bend(changed, other) : this.#graft(tree.value, parsed(other)?.value);
    }
    return changed;
  }

  below(limit: number): number {
    // Marsaglia's xorshift32.
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state % limit;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  #bend(text: string, other: string): string {
    const at = this.below(text.length + 1);
    const end = Math.min(text.length, at + this.below(9));
    const from = this.below(other.length + 1);
    const put = [
      '',
      String.fromCodePoint(this.below(0x250)),
      other.slice(from, from + this.below(17)),
      this.pick(nastyTexts),
      text.slice(at, end).repeat(2),
    ];
    return text.slice(0, at) + this.pick(put) + text.slice(end);
  }

  #graft(tree: unknown, other: unknown): string {
    const root = { tree };
    const places = placesOf(root);
    const { holder, name } = this.pick(places);
    const donor = this.pick(placesOf({ other }));
    switch (this.below(6)) {
      case 0:
        set(holder, name, this.#leaf());
        break;
      case 1:
        set(holder, name, structuredClone(donor.holder[donor.name]));
        break;
      case 2:
        if (holder !== root) delete holder[name];
        break;
      case 3:
        set(holder, Array.isArray(holder) ? String(holder.length) : this.pick(nastyTexts), this.#leaf());
        break;
      case 4:
        set(holder, donor.name, structuredClone(holder[name]));
        break;
      default:
        set(holder, name, this.#near(holder[name]));
    }
    return JSON.stringify(root.tree) ?? 'null';
  }

  #leaf(): unknown {
    return this.pick([this.pick(nastyTexts), this.pick(nastyNumbers), true, false, null, [], {}, { length: {} }]);
  }

  /** Something of the same kind. */
  #near(value: unknown): unknown {
    if (typeof value === 'number') return this.pick([value + 1, value - 1, -value, value / 3, value * 1024]);
    if (typeof value === 'boolean') return !value;
    if (typeof value === 'string') return this.#bend(value, value);
    if (Array.isArray(value)) return this.below(2) === 0 ? [...value, ...value] : value.toReversed();
    return this.#leaf();
  }
}

type Holder = { [name: string]: unknown };
type Place = { readonly holder: Holder; readonly name: string };

/** Every place in a tree where a value stands. */
function placesOf(root: object): Place[] {
  const places: Place[] = [];
  const walk = (holder: object) => {
    for (const name of Object.keys(holder)) {
      if (places.length >= 400) return;
      places.push({ holder: holder as Holder, name });
      const value = (holder as Holder)[name];
      if (typeof value === 'object' && value !== null) walk(value);
    }
  };
  walk(root);
  return places;
}

/** As `JSON.parse` does: a member named __proto__ is one. */
function set(holder: Holder, name: string, value: unknown): void {
  // Not even JSON gives an array another length than it has.
  if (Array.isArray(holder) && name === 'length') return;
  Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true });
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const nastyNumbers = [0, -1, 1, 0.5, 255, 65_535, 65_536, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 31), 1e308, 1e-320];
const nastyTexts = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'length',
  '\0',
  '\u202E',
  '\uD800',
  '..',
  '../..',
  '%00',
  '%',
  '.',
  '=',
  ',',
  'audio',
  'video',
  'null',
  'undefined',
  '-1',
  '1e999',
  'a'.repeat(300),
  '漢字',
];
