import type { NetworkConditions } from '@potluck/client';

/** As typed. */
export type Conditions = { [N in 'uplink' | 'downlink' | 'roundTripTime' | 'packetLoss']: string };

/** `undefined` while something in it is no number, or out of the server's range. */
export function conditionsOf({
  uplink,
  downlink,
  roundTripTime,
  packetLoss,
}: Conditions): NetworkConditions | undefined {
  const numbers = {
    uplink: numberOf(uplink, 1e12),
    downlink: numberOf(downlink, 1e12),
    roundTripTime: numberOf(roundTripTime, 60_000),
    packetLoss: numberOf(packetLoss, 100),
  };
  return Object.values(numbers).includes(NaN) ? undefined : numbers;
}

function numberOf(text: string, max: number): number {
  const number = text.trim() === '' ? NaN : Number(text);
  return number >= 0 && number <= max ? number : NaN;
}
