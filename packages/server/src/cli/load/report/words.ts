const scaled = (value: number, units: readonly string[]): string => {
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  const number = value / 1000 ** step;
  return `${number >= 100 || step === 0 ? Math.round(number) : number.toFixed(number >= 10 ? 1 : 2)} ${units[step]}`;
};

export const bitsOf = (bitsPerSecond: number): string => scaled(bitsPerSecond, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s']);
export const bytesOf = (bytes: number): string => scaled(bytes, ['B', 'kB', 'MB', 'GB', 'TB']);

/** A loss of one packet in a million is not none. */
export function percentOf(share: number): string {
  if (share === 0) return '0 %';
  if (share < 0.0001) return '< 0.01 %';
  return `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;
}
