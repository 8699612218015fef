import type { EmbodiedServer } from './carbon/embodied.js';
import type { RateSeries } from './rate/rate-series.js';
import type { FootprintKind } from './shares/kind.js';

/** How power is divided among functions. */
export const AttributeMode = {
  /** A law with a load floor that flattens as the machine fills up, over the work that gets done. */
  law: 'law',
  /** As published for FaasMeter: all power in proportion to running time, function by function, idle power in it. */
  full: 'full',
  /** The same of the power above idle. */
  noIdle: 'no-idle',
  /** As published: the processor's power by a model on counters, the rest in proportion to running time. */
  combined: 'combined',
  /** Minute by minute, as a machine that runs is accounted for. */
  online: 'online',
} as const;

export type AttributeMode = (typeof AttributeMode)[keyof typeof AttributeMode];

export interface AttributeOptions {
  readonly mode?: AttributeMode;
  /** Length of a tick: 1 s when not given. */
  readonly tickSeconds?: number;
  /** What `totalJoules` counts: everything when not given. */
  readonly kind?: FootprintKind;
  /** Idle power; when not given the trace's own figure, else what was drawn while nothing ran. */
  readonly idleWatts?: number;
  /** How late power comes; looked for when not given. */
  readonly lagSeconds?: number;
  /** Lags beyond this are not looked for. */
  readonly maxLagSeconds?: number;
  /** Idle and the control plane are shared among the functions active in windows of this length. */
  readonly windowSeconds?: number;
  /** How often the online mode updates: 60 s when not given. */
  readonly updateSeconds?: number;
  /** Grid intensity; when not given the trace's own figure, else the world's mean. */
  readonly gramsPerKilowattHour?: number;
  /** A grid intensity that changes; seconds on the trace's clock. */
  readonly intensity?: RateSeries;
  readonly pue?: number;
  /** The machine as it was made; when not given the trace's own figures. */
  readonly server?: EmbodiedServer;
  /** Functions that use the accelerator, where the trace has its power. */
  readonly acceleratorFunctions?: readonly string[];
}
