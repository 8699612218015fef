import type { Domain, SourceName } from '../model/index.js';
import type { EnergySource } from './source.js';

/** A source that is not used, and why. */
export interface AbsentSource {
  readonly name: SourceName;
  readonly reason: string;
  readonly remedy: string;
}

/** Joules of one source and domain since the meter was opened. */
export interface EnergyFigure {
  readonly source: EnergySource;
  readonly domain: Domain;
  readonly joules: number;
  /** True while its source does not answer: the figure is an old one, and what was drawn since is not known. */
  readonly stale?: boolean;
}

/** All cumulative figures at one moment. */
export interface MeterReading {
  readonly at: number;
  readonly energies: readonly EnergyFigure[];
  /** CPU seconds that the machine was busy since the meter was opened; undefined where nothing tells. */
  readonly busySeconds: number | undefined;
}
