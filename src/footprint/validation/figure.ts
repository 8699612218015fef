/** A figure, or why there is none. */
export type Figure = { readonly value: number } | { readonly reason: string };

export const figure = (value: number): Figure => ({ value });

export const absent = (reason: string): Figure => ({ reason });

/** The figure, unless it is none (NaN, infinite). */
export const finite = (value: number, reason: string): Figure =>
  Number.isFinite(value) ? { value } : { reason };
