import { drawFor } from './random.js';

export const SEGMENTS = ['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'HOUSEHOLD', 'MACHINERY'] as const;
type Segment = (typeof SEGMENTS)[number];

export interface Customer {
  readonly key: number;
  readonly segment: Segment;
}

const ORDERS_OF_EACH = 10;

/** How many customers there are for so many orders. */
export const customerCount = (orders: number): number => Math.ceil(orders / ORDERS_OF_EACH);

export function customerOf(key: number, seed: number): Customer {
  const draw = drawFor(seed, 'customer', key);
  return { key, segment: SEGMENTS[draw(0, SEGMENTS.length - 1)] ?? 'BUILDING' };
}

/** A segment by its name. */
export function segmentNamed(name: string): Segment {
  const segment = SEGMENTS.find((each) => each === name.toUpperCase());
  if (segment === undefined)
    throw new Error(`there is no segment "${name}": there are ${SEGMENTS.join(', ')}`);
  return segment;
}
