import { readableId } from '@potluck/kernel';

const tastes = [
  'amber', 'baked', 'bright', 'brisk', 'candied', 'charred', 'crisp', 'fresh', 'gentle', 'gilded', 'glazed', 'golden',
  'hearty', 'mellow', 'minted', 'peppery', 'rustic', 'salted', 'savory', 'silky', 'smoky', 'spiced', 'sunny', 'sweet',
  'tangy', 'tender', 'toasted', 'velvet', 'warm', 'wild', 'winter', 'zesty',
] as const; // prettier-ignore
const dishes = [
  'almond', 'apricot', 'basil', 'biscuit', 'brioche', 'chestnut', 'clementine', 'congee', 'crumble', 'dumpling', 'fennel',
  'fig', 'focaccia', 'ginger', 'gnocchi', 'hazelnut', 'lentil', 'mango', 'miso', 'noodle', 'olive', 'paella', 'peach',
  'pepper', 'pie', 'pilaf', 'plum', 'quince', 'saffron', 'sesame', 'tamarind', 'tart',
] as const; // prettier-ignore

/** A new room's id: easy to say, and 40 bits that nobody guesses. */
export function newRoomId(): string {
  return `${pick(tastes)}-${pick(dishes)}-${readableId(6)}`;
}

function pick<T>(from: readonly T[]): T {
  const index = crypto.getRandomValues(new Uint32Array(1))[0]! % from.length;
  return from[index]!;
}
