import { discountedCents, type LineItem } from './line-items.js';

/** Sums over the items with one flag and one status. */
export interface PricingSums {
  readonly returnFlag: string;
  readonly status: string;
  readonly items: number;
  readonly quantity: number;
  readonly priceCents: number;
  readonly discountedCents: number;
  readonly chargedCents: number;
  readonly discountPercent: number;
}

/** Like TPC-H's query 1, for a part of the items: what was shipped up to a day, by flag and status. */
export const pricingOf = (items: readonly LineItem[], shippedUpTo: string): PricingSums[] =>
  mergePricing(items.filter(({ shipped }) => shipped <= shippedUpTo).map(sumsOfOne));

/** One of each flag and status. */
export function mergePricing(parts: readonly PricingSums[]): PricingSums[] {
  const groups = new Map<string, PricingSums>();
  for (const part of parts) {
    const name = part.returnFlag + part.status;
    const group = groups.get(name);
    groups.set(name, group === undefined ? part : added(group, part));
  }
  return [...groups.values()];
}

function sumsOfOne(item: LineItem): PricingSums {
  const discounted = discountedCents(item);
  return {
    returnFlag: item.returnFlag,
    status: item.status,
    items: 1,
    quantity: item.quantity,
    priceCents: item.priceCents,
    discountedCents: discounted,
    chargedCents: Math.round((discounted * (100 + item.taxPercent)) / 100),
    discountPercent: item.discountPercent,
  };
}

const added = (a: PricingSums, b: PricingSums): PricingSums => ({
  returnFlag: a.returnFlag,
  status: a.status,
  items: a.items + b.items,
  quantity: a.quantity + b.quantity,
  priceCents: a.priceCents + b.priceCents,
  discountedCents: a.discountedCents + b.discountedCents,
  chargedCents: a.chargedCents + b.chargedCents,
  discountPercent: a.discountPercent + b.discountPercent,
});
