import type { SustainedRange } from './sustained.js';

/** How far a single reading may be above the highest level that the machine was seen to keep. */
const PEAK_OVER_SUSTAINED = 2;
/** A reading this far below the machine's rest is none. */
const PART_OF_REST = 0.5;
/** More than this part of all readings can't be faults of a sensor: then it is the machine. */
const MAX_PART = 0.03;

export interface Spikes {
  /** Places among the readings, in order. */
  readonly places: readonly number[];
  /** Readings that look like spikes but are too many to be; then none are named. */
  readonly tooMany?: number;
}

/** What is known of the machine and its sensor. */
export interface Machine {
  /** How many times its rest it may draw at most. */
  readonly range: number;
  /** The step in which readings are given: a machine draws that much at least, whatever a coarse sensor rounds it to. */
  readonly step: number;
  /** What it draws at rest, where that is known. */
  readonly rest?: number | undefined;
}

/** Whether the record begins or ends at a reading or next to it: then it may be the edge of a step. */
const atEdge = (watts: Float64Array, place: number): boolean => place < 2 || place > watts.length - 3;

/**
 * Readings where the machine can't have been. They stand alone or in pairs, as three in a row would be a level that was
 * kept. Work may last less than a reading, so that any level that machines reach at all, `range` times rest, may be one
 * that was reached for a moment. The lowest level that was kept needn't be rest, which may be a moment between two
 * jobs: only who knows the rest can tell a dip from a pause.
 */
export function findSpikes(watts: Float64Array, sustained: SustainedRange, machine: Machine): Spikes {
  const { range, step, rest = Math.max(sustained.low, step > 0 ? step : 0) } = machine;
  const above = Math.max(PEAK_OVER_SUSTAINED * sustained.high, range * rest);
  const below = Math.min(
    PART_OF_REST * rest,
    machine.rest === undefined ? sustained.high / range : Number.POSITIVE_INFINITY,
  );
  const places: number[] = [];
  for (let place = 0; place < watts.length; place++) {
    const value = watts[place] ?? Number.NaN;
    const leeway = atEdge(watts, place) ? 2 : 1;
    if (value > leeway * above || value < below / leeway) places.push(place);
  }
  if (places.length > Math.max(2, MAX_PART * watts.length)) return { places: [], tooMany: places.length };
  return { places };
}
