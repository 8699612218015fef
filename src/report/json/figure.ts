/** A figure, or null where there is none: JSON has no NaN and no infinity. */
export const figure = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;
