/** What configurations are held against one another by. Less is better of each. */
export const METRICS = ['time', 'energy', 'cost', 'carbon'] as const;
export type MetricName = (typeof METRICS)[number];

/** The axes along which configurations lie. */
export const AXES = ['workers', 'cpu', 'memory'] as const;
export type AxisName = (typeof AXES)[number];
