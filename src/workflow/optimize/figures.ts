import type { ConstraintName, MetricName } from '../../model/index.js';

/** A figure with three or four digits that mean something. */
const short = (value: number): string => {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return Math.abs(value) < 0.1 && value !== 0 ? String(Number(value.toPrecision(3))) : value.toFixed(digits);
};

const UNITS = { time: 's', energy: 'J', cost: 'USD', carbon: 'g CO2e' } as const satisfies Record<
  MetricName,
  string
>;

export const inUnits = (objective: MetricName, value: number): string =>
  `${short(value)} ${UNITS[objective]}`;

/** What each limit is of. */
export const LIMITED = {
  deadline: 'time',
  energy_budget: 'energy',
  cost_budget: 'cost',
  carbon_budget: 'carbon',
} as const satisfies Record<ConstraintName, MetricName>;

export const CONSTRAINT_TEXT: Readonly<Record<ConstraintName, string>> = {
  deadline: 'the deadline',
  energy_budget: 'the energy budget',
  cost_budget: 'the cost budget',
  carbon_budget: 'the carbon budget',
};
