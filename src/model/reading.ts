import type { Domain } from './domain.js';

interface ReadingBase {
  readonly domain: Domain;
  /** The part of the machine that was read, stable while the source is open: `package-0`, `gpu-1`, `BAT0`. */
  readonly device: string;
  /** Monotonic seconds (the host's clock) at which the figure was true. */
  readonly at: number;
}

/** From a counter: energy since the source was opened. Never goes backwards; wraparound is undone by the source. */
export interface CounterReading extends ReadingBase {
  readonly kind: 'counter';
  readonly joules: number;
}

/** From a gauge: power at one moment, or the instrument's own short mean. Energy is its integral over time. */
export interface PowerReading extends ReadingBase {
  readonly kind: 'power';
  readonly watts: number;
}

export type EnergyReading = CounterReading | PowerReading;
