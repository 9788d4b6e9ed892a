/** Milliseconds of a clock that all processes of this machine share; steps of the system's time do not move it. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6;
