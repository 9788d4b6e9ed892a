/** A worker that did not answer for this long and is stopped (SIGSTOP) is killed: together with the pause under 2 s. */
export const stoppedAfterMs = 1000;
/** One that runs may only be busy, or the machine is: it gets longer. */
const hangingAfterMs = 5000;
/** And one that works, but is given too little of a processor, longer still: its death would make that worse. */
const starvedAfterMs = 20_000;
/** Shares of the time: who had less waits for something that does not come; who had more runs in a circle. */
const starvedShare = { least: 0.02, most: 0.8 };

/** `cpuMs`: what it had of a processor in that time; `undefined` where that is not known. */
export type Silence = {
  readonly silentMs: number;
  readonly stopped: boolean | undefined;
  readonly cpuMs: number | undefined;
};

/** Whether a worker that has not answered for so long never will. */
export function hangs({ silentMs, stopped, cpuMs }: Silence): boolean {
  if (stopped) return silentMs >= stoppedAfterMs;
  const share = cpuMs === undefined ? 0 : cpuMs / silentMs;
  const starved = share >= starvedShare.least && share <= starvedShare.most;
  return silentMs >= (starved ? starvedAfterMs : hangingAfterMs);
}
