import { mergePricing, type PricingSums } from './pricing.js';
import { largest, type OrderRevenue } from './revenue.js';

const money = (cents: number): number => cents / 100;
const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Both answers, as people read them. */
export const reportOf = (
  pricing: readonly PricingSums[],
  revenues: readonly OrderRevenue[],
  howMany: number,
) => ({
  pricing: mergePricing(pricing)
    .sort((a, b) => (a.returnFlag + a.status < b.returnFlag + b.status ? -1 : 1))
    .map((group) => ({
      returnFlag: group.returnFlag,
      status: group.status,
      items: group.items,
      quantity: group.quantity,
      price: money(group.priceCents),
      discounted: money(group.discountedCents),
      charged: money(group.chargedCents),
      meanQuantity: rounded(group.quantity / group.items),
      meanPrice: rounded(money(group.priceCents) / group.items),
      meanDiscountPercent: rounded(group.discountPercent / group.items),
    })),
  top: largest(revenues, howMany).map(({ order, date, cents }) => ({ order, date, revenue: money(cents) })),
});
