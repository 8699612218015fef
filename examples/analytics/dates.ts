const MILLISECONDS = 86_400_000;

/** A day as people write it, 1995-03-15: texts of this form are in the order of time. */
export const isoDate = (days: number): string => new Date(days * MILLISECONDS).toISOString().slice(0, 10);

/** Days since 1970. */
export const daysOf = (date: string): number => Date.parse(date) / MILLISECONDS;
