const MICROS_PER_SECOND = 1e6;

/** Times are kept as whole microseconds: finer than any clock that is read across processes, and exact as numbers. */
export const toMicros = (seconds: number): number => Math.round(seconds * MICROS_PER_SECOND);

export const fromMicros = (micros: number): number => micros / MICROS_PER_SECOND;
