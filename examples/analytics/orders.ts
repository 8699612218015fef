import { customerCount } from './customers.js';
import { daysOf, isoDate } from './dates.js';
import { type Draw, drawFor } from './random.js';

export interface Order {
  readonly key: number;
  readonly customer: number;
  readonly date: string;
}

const FIRST_DAY = daysOf('1992-01-01');
const LAST_DAY = daysOf('1998-08-02');

const drawDay = (draw: Draw): number => draw(FIRST_DAY, LAST_DAY);

/** When an order was placed: its items, which are made elsewhere, need to know. */
export const orderDay = (key: number, seed: number): number => drawDay(drawFor(seed, 'order', key));

/** The order with this key, of so many. */
export function orderOf(key: number, orders: number, seed: number): Order {
  const draw = drawFor(seed, 'order', key);
  return { key, date: isoDate(drawDay(draw)), customer: draw(1, customerCount(orders)) };
}
