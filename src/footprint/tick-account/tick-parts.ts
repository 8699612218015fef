import type { SparseRows, Windows } from '../../maths/index.js';
import { loadWatts, type PowerLaw, slopeAt } from '../disaggregate/power-law.js';
import type { Steps } from '../load/steps.js';
import type { Rows } from '../rows/rows.js';
import { meanLag, type SensorResponse, samplingRows } from '../sensor/sampling.js';

/** What a law says of every tick, as the sensor would show it. */
export interface TickParts {
  /** The ticks' rows, with an entry for everyone who has a part in them; columns of shared principals behind the functions'. */
  readonly rows: Rows;
  /** Watts by entry, without the floor. */
  readonly workWatts: Float64Array;
  /** Watts by entry that the principal has of the bend: what is drawn beyond what its load adds at the load at hand. */
  readonly bendWatts: Float64Array;
  /** Watts by tick. */
  readonly floorWatts: Float64Array;
  /** Watts by entry that were measured apart (on an accelerator), in no law; and by tick, with what of them is nobody's. */
  readonly apartWatts?: { readonly byEntry: Float64Array; readonly byTick: Float64Array };
}

export interface LawInput {
  readonly law: PowerLaw;
  readonly loads: SparseRows;
  readonly weights: Float64Array;
  readonly presence: Float64Array;
  readonly steps: Steps;
  readonly response: SensorResponse;
  /** Names of shared principals: the columns of `loads` behind the functions. */
  readonly shared: readonly string[];
  /** What was measured apart and is in no law: whose it was, and the whole, in watts by step. */
  readonly apart?: { readonly functions: SparseRows; readonly dynamicWatts: Float64Array } | undefined;
}

/** When the power of the work's tick is seen, on the clock of the power. */
export function tickWindows({ start, tickSeconds, count }: Rows, response: SensorResponse): Windows {
  const late = meanLag(response);
  const starts = Float64Array.from({ length: count }, (_, i) => start + i * tickSeconds + late);
  return { starts, ends: starts.map((at) => at + tickSeconds) };
}

/** Divides what a law says of each tick among those who cause it: in proportion to their loads, as they add up before they bend. */
export function tickParts(base: Rows, input: LawInput): TickParts {
  const { law, loads, weights, presence, steps, response, shared, apart } = input;
  const sampling = samplingRows(tickWindows(base, response), steps, response);
  const stepLoad = new Float64Array(steps.count);
  for (let j = 0; j < steps.count; j++) {
    let sum = 0;
    for (let p = loads.rowStart[j] ?? 0; p < (loads.rowStart[j + 1] ?? 0); p++)
      sum += (loads.value[p] ?? 0) * (weights[loads.column[p] ?? 0] ?? 0);
    stepLoad[j] = sum;
  }
  const [work, bent, seconds, own] = [0, 1, 2, 3].map(() => new Float64Array(loads.width)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const starts = new Uint32Array(loads.width);
  const seen = new Uint8Array(loads.width);
  const touched: number[] = [];
  const isHere = everHere(base, loads.width);
  const touch = (who: number): void => {
    if (seen[who] === 1) return;
    seen[who] = 1;
    touched.push(who);
  };
  const floorWatts = new Float64Array(base.count);
  const apartByTick = new Float64Array(base.count);
  const apartByEntry: number[] = [];
  const rowStart = new Uint32Array(base.count + 1);
  const [column, workWatts, bendWatts, ran, activations]: [number[], number[], number[], number[], number[]] =
    [[], [], [], [], []];
  for (let tick = 0; tick < base.count; tick++) {
    for (let p = base.rowStart[tick] ?? 0; p < (base.rowStart[tick + 1] ?? 0); p++) {
      const who = base.column[p] ?? 0;
      touch(who);
      seconds[who] = base.seconds[p] ?? 0;
      starts[who] = base.activations[p] ?? 0;
    }
    let floor = 0;
    for (let k = sampling.rowStart[tick] ?? 0; k < (sampling.rowStart[tick + 1] ?? 0); k++) {
      const j = sampling.column[k] ?? 0;
      const weight = sampling.value[k] ?? 0;
      const load = stepLoad[j] ?? 0;
      floor += weight * law.floorWatts * (presence[j] ?? 0);
      if (apart !== undefined) {
        apartByTick[tick] = (apartByTick[tick] ?? 0) + weight * (apart.dynamicWatts[j] ?? 0);
        const { functions } = apart;
        for (let p = functions.rowStart[j] ?? 0; p < (functions.rowStart[j + 1] ?? 0); p++) {
          const watts = functions.value[p] ?? 0;
          const who = functions.column[p] ?? 0;
          if (watts === 0 || isHere[who] === 0) continue;
          touch(who);
          own[who] = (own[who] ?? 0) + weight * watts;
        }
      }
      if (load <= 0) continue;
      const mean = loadWatts(law, load) / load;
      // A course that never gets steeper has none below 0, rounding aside.
      const beyond = Math.max(0, mean - slopeAt(law, load));
      for (let p = loads.rowStart[j] ?? 0; p < (loads.rowStart[j + 1] ?? 0); p++) {
        const who = loads.column[p] ?? 0;
        if (isHere[who] === 0) continue;
        const part = weight * (weights[who] ?? 0) * (loads.value[p] ?? 0);
        touch(who);
        work[who] = (work[who] ?? 0) + part * mean;
        bent[who] = (bent[who] ?? 0) + part * beyond;
      }
    }
    floorWatts[tick] = floor;
    touched.sort((a, b) => a - b);
    for (const who of touched) {
      column.push(who);
      workWatts.push(work[who] ?? 0);
      bendWatts.push(bent[who] ?? 0);
      apartByEntry.push(own[who] ?? 0);
      ran.push(seconds[who] ?? 0);
      activations.push(starts[who] ?? 0);
      [work[who], bent[who], own[who], seconds[who], starts[who], seen[who]] = [0, 0, 0, 0, 0, 0];
    }
    touched.length = 0;
    rowStart[tick + 1] = column.length;
  }
  return {
    floorWatts,
    workWatts: Float64Array.from(workWatts),
    bendWatts: Float64Array.from(bendWatts),
    ...(apart && { apartWatts: { byEntry: Float64Array.from(apartByEntry), byTick: apartByTick } }),
    rows: {
      ...base,
      columns: [...base.columns, ...shared],
      rowStart,
      column: Uint32Array.from(column),
      seconds: Float64Array.from(ran),
      activations: Uint32Array.from(activations),
    },
  };
}

/**
 * Who may have a part in any tick: shared principals, and the functions that ran in one. A sensor that smooths still shows
 * those that ended before the first.
 */
function everHere({ column, functionCount }: Rows, width: number): Uint8Array {
  const isHere = new Uint8Array(width).fill(1, functionCount);
  for (const who of column) isHere[who] = 1;
  return isHere;
}
