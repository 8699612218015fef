import { daysOf, isoDate } from './dates.js';
import { orderDay } from './orders.js';
import { type Draw, drawFor } from './random.js';

export interface LineItem {
  readonly order: number;
  readonly quantity: number;
  readonly priceCents: number;
  readonly discountPercent: number;
  readonly taxPercent: number;
  /** Returned, accepted, or not yet received. */
  readonly returnFlag: 'R' | 'A' | 'N';
  /** Open or finished. */
  readonly status: 'O' | 'F';
  readonly shipped: string;
}

/** The day on which the data pretends to have been taken. */
const TODAY = daysOf('1995-06-17');

/** One to seven, as an order has. */
export function lineItemsOf(order: number, seed: number): LineItem[] {
  const draw = drawFor(seed, 'items', order);
  const ordered = orderDay(order, seed);
  return Array.from({ length: draw(1, 7) }, () => lineItem(order, ordered, draw));
}

function lineItem(order: number, ordered: number, draw: Draw): LineItem {
  const quantity = draw(1, 50);
  const shipped = ordered + draw(1, 121);
  const received = shipped + draw(1, 30);
  return {
    order,
    quantity,
    priceCents: quantity * draw(90_000, 200_000),
    discountPercent: draw(0, 10),
    taxPercent: draw(0, 8),
    returnFlag: received > TODAY ? 'N' : draw(0, 1) === 0 ? 'R' : 'A',
    status: shipped > TODAY ? 'O' : 'F',
    shipped: isoDate(shipped),
  };
}

/**
 * Rounded for each item: sums of whole cents are exact, and so the same whoever adds up which part of them.
 */
export const discountedCents = ({ priceCents, discountPercent }: LineItem): number =>
  Math.round((priceCents * (100 - discountPercent)) / 100);
