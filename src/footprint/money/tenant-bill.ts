import { ErrorCode, WattloopError } from '../../errors/index.js';
import { JOULES_PER_KILOWATT_HOUR } from '../../model/index.js';
import { apportion } from './apportion.js';

/** What a function took in the window that is billed. */
export interface BilledFunction {
  readonly name: string;
  /** Who pays for it; functions without a tenant are billed together as `unassigned`. */
  readonly tenant?: string;
  /** With its shares of control plane and idle, before PUE. */
  readonly joules: number;
  readonly operationalGrams: number;
  readonly embodiedGrams?: number;
}

export interface Tariff {
  readonly currency: string;
  /** Price of a tonne of CO2e. */
  readonly carbonPerTonne: number;
  readonly electricityPerKilowattHour: number;
  readonly pue?: number;
  /** Whether the making of the machines is billed too. */
  readonly embodied: boolean;
}

/** Whole billionths of the currency: only whole numbers add up exactly. */
export interface BillAmounts {
  readonly operationalNanos: number;
  readonly embodiedNanos: number;
  readonly electricityNanos: number;
  readonly totalNanos: number;
}

export interface TenantBill extends BillAmounts {
  readonly tenant: string;
  readonly functions: readonly string[];
  readonly joules: number;
  readonly grams: number;
}

export interface Bill {
  readonly currency: string;
  readonly tenants: readonly TenantBill[];
  /** The sums of the tenants', to the last billionth. */
  readonly total: BillAmounts;
}

export const UNASSIGNED = 'unassigned';

const NANOS = 1e9;
const GRAMS_PER_TONNE = 1e6;

/** An amount in the currency's own unit. */
export const fromNanos = (nanos: number): number => nanos / NANOS;

interface Group {
  readonly functions: string[];
  joules: number;
  operationalGrams: number;
  embodiedGrams: number;
}

function grouped(functions: readonly BilledFunction[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const { name, tenant = UNASSIGNED, joules, operationalGrams, embodiedGrams = 0 } of functions) {
    if (!(joules >= 0 && operationalGrams >= 0 && embodiedGrams >= 0)) {
      throw new WattloopError(
        ErrorCode.badInput,
        `${name}: ${joules} J, ${operationalGrams} g can't be billed`,
        {
          remedy: 'Leave out functions whose figures are not known',
        },
      );
    }
    let group = groups.get(tenant);
    if (!group) {
      group = { functions: [], joules: 0, operationalGrams: 0, embodiedGrams: 0 };
      groups.set(tenant, group);
    }
    group.functions.push(name);
    group.joules += joules;
    group.operationalGrams += operationalGrams;
    group.embodiedGrams += embodiedGrams;
  }
  return groups;
}

/** One kind of cost: its whole rounded once, then shared out so that the parts make up the whole. */
function parts(amounts: readonly number[]): readonly number[] {
  const whole = Math.round(amounts.reduce((sum, amount) => sum + amount, 0) * NANOS);
  if (!Number.isSafeInteger(whole)) {
    throw new WattloopError(ErrorCode.badInput, `a bill of ${fromNanos(whole)} is too large`, {
      remedy: 'Bill a shorter time, or in thousands of the currency',
    });
  }
  return apportion(whole, amounts);
}

/** Who pays what: electricity, and a price on the carbon of running and, where wanted, of making the machines. */
export function billTenants(functions: readonly BilledFunction[], tariff: Tariff): Bill {
  const groups = grouped(functions);
  const all = [...groups.values()];
  const perGram = tariff.carbonPerTonne / GRAMS_PER_TONNE;
  const perJoule = (tariff.electricityPerKilowattHour * (tariff.pue ?? 1)) / JOULES_PER_KILOWATT_HOUR;
  const operational = parts(all.map((group) => group.operationalGrams * perGram));
  const embodied = parts(all.map((group) => (tariff.embodied ? group.embodiedGrams * perGram : 0)));
  const electricity = parts(all.map((group) => group.joules * perJoule));

  const tenants = [...groups].map(([tenant, group], index): TenantBill => {
    const [operationalNanos = 0, embodiedNanos = 0, electricityNanos = 0] = [
      operational[index],
      embodied[index],
      electricity[index],
    ];
    return {
      tenant,
      functions: group.functions,
      joules: group.joules,
      grams: group.operationalGrams + (tariff.embodied ? group.embodiedGrams : 0),
      operationalNanos,
      embodiedNanos,
      electricityNanos,
      totalNanos: operationalNanos + embodiedNanos + electricityNanos,
    };
  });
  const total = (pick: (bill: TenantBill) => number): number =>
    tenants.reduce((sum, bill) => sum + pick(bill), 0);
  return {
    currency: tariff.currency,
    tenants,
    total: {
      operationalNanos: total((bill) => bill.operationalNanos),
      embodiedNanos: total((bill) => bill.embodiedNanos),
      electricityNanos: total((bill) => bill.electricityNanos),
      totalNanos: total((bill) => bill.totalNanos),
    },
  };
}
