import type { CallPattern, LoadPlan, LoadTarget } from '../load-plan.js';

export const constant = (perSecond: number): CallPattern => ({
  kind: 'open',
  arrivals: { kind: 'periodic', everySeconds: 1 / perSecond, batch: 1, jitterSeconds: 0 },
});

export const target = (url: string, pattern: CallPattern, more: Partial<LoadTarget> = {}): LoadTarget => ({
  name: 'echo',
  url: new URL(url),
  method: 'POST',
  headers: {},
  body: undefined,
  timeoutSeconds: 20,
  pattern,
  ...more,
});

export const plan = (targets: readonly LoadTarget[], more: Partial<LoadPlan> = {}): LoadPlan => ({
  targets,
  warmUpSeconds: 0,
  durationSeconds: 0.5,
  seed: 1,
  maxInFlight: 1_000,
  ...more,
});
