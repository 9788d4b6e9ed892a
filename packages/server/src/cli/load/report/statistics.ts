import { percentile } from '../../percentile.ts';

/** Of many values of one kind; of nothing, `undefined`. */
export type Summary = {
  readonly count: number;
  readonly least: number;
  readonly median: number;
  readonly p95: number;
  readonly most: number;
};

export function summaryOf(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  const at = (share: number) => round(percentile(values, share));
  return { count: values.length, least: at(0), median: at(0.5), p95: at(0.95), most: at(1) };
}

/** Two digits after the point are more than any of these measurements knows. */
export const round = (value: number): number => Math.round(value * 100) / 100;
