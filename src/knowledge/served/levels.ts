/** Lengths of the windows that are kept, in seconds: the beginning of each is a multiple of its length. */
export const MINUTE = 60;
export const HOUR = 3_600;
/** Only beside the hours that make them up, so that sums over long times need few rows. */
export const DAY = 86_400;
export const LEVELS = [MINUTE, HOUR, DAY] as const;
export type Level = (typeof LEVELS)[number];

export const floorTo = (seconds: number, level: number): number => Math.floor(seconds / level) * level;
export const ceilTo = (seconds: number, level: number): number => Math.ceil(seconds / level) * level;
