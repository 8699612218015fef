import type {
  OptionalQuantity,
  PhaseName,
  Provenance,
  SourceName,
  StageDimension,
} from '../../model/index.js';
import type { PhaseLaw } from './phase-law.js';
import type { StagePoint, Usual } from './prediction-input.js';
import type { QuantityModel } from './quantity-model.js';
import type { RateLaw } from './rate-law.js';
import type { Machine } from './situation.js';

/** The version of the kept form. Another version is not read. */
export const STAGE_MODEL_VERSION = 1;

export type Range = readonly [low: number, high: number];

/** All that is known of a stage, as plain data: what `knowledge` keeps. */
export interface StageModelData {
  readonly version: typeof STAGE_MODEL_VERSION;
  readonly workflow: string;
  readonly stage: string;
  /** Samples and configurations that it learnt from. */
  readonly samples: number;
  readonly configurations: number;
  /** What the invocations were found, or said, to share. */
  readonly machine: Machine;
  readonly usual: Usual;
  readonly isWorkCounted: boolean;
  readonly seen: Readonly<Record<StageDimension, Range>>;
  readonly cells: readonly StagePoint[];
  readonly wallSeconds: QuantityModel;
  readonly cpuSeconds?: QuantityModel;
  readonly phases: Readonly<Record<PhaseName, PhaseLaw>>;
  readonly joules?: QuantityModel;
  readonly carbonGrams?: RateLaw;
  readonly costUsd?: RateLaw;
  readonly absent: Readonly<Partial<Record<OptionalQuantity, string>>>;
  readonly source?: SourceName;
  readonly provenance?: Provenance;
}
