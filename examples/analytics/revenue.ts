import type { Customer } from './customers.js';
import { discountedCents, type LineItem } from './line-items.js';
import type { Order } from './orders.js';

/** What an item of an order that is not yet delivered brings. */
export interface OpenItem {
  readonly order: number;
  readonly cents: number;
}

export interface OrderRevenue {
  readonly order: number;
  readonly date: string;
  readonly cents: number;
}

/** Orders that customers of a segment placed before a day. */
export function ordersOfSegment(
  orders: readonly Order[],
  customers: readonly Customer[],
  segment: string,
  before: string,
): Order[] {
  const wanted = new Set(
    customers.flatMap((customer) => (customer.segment === segment ? [customer.key] : [])),
  );
  return orders.filter(({ date, customer }) => date < before && wanted.has(customer));
}

/** Items that are shipped after a day, with no more of them than the join needs: less is written, sent and read. */
export const openItems = (items: readonly LineItem[], after: string): OpenItem[] =>
  items.flatMap((item) =>
    item.shipped > after ? [{ order: item.order, cents: discountedCents(item) }] : [],
  );

/** What each order brings: a hash join, built on the orders, as they are fewer. */
export function revenueByOrder(orders: readonly Order[], items: readonly OpenItem[]): OrderRevenue[] {
  const orderOf = new Map(orders.map((order) => [order.key, order]));
  const sums = new Map<number, number>();
  for (const { order, cents } of items) {
    if (orderOf.has(order)) sums.set(order, (sums.get(order) ?? 0) + cents);
  }
  return [...sums].map(([order, cents]) => ({ order, cents, date: orderOf.get(order)?.date ?? '' }));
}

/** The orders that bring most; equal ones by date, then key. */
export const largest = (revenues: readonly OrderRevenue[], howMany: number): OrderRevenue[] =>
  revenues
    .toSorted((a, b) => b.cents - a.cents || (a.date < b.date ? -1 : a.date > b.date ? 1 : a.order - b.order))
    .slice(0, howMany);
