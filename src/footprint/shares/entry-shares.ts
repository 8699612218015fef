import { entriesOf, isActive } from './activity.js';
import { CompensatedSums } from './compensated-sum.js';
import { presenceOf, presenceShares } from './presence.js';
import { isMeasured, type TickEnergies } from './tick-energies.js';

/** What is settled within each tick: own work and shares of the floor, and what is left for the windows to share. */
export interface EntryShares {
  /** Joules of each entry of the rows: its own work and its share of the floor; NaN in ticks without a measurement. */
  readonly entryJoules: Float64Array;
  /** By function. */
  readonly individualJoules: Float64Array;
  /** By function: the part of `individualJoules` that is a share of the floor. */
  readonly floorJoules: Float64Array;
  /** By tick: joules of the floor while no function was there to share it. */
  readonly ownerlessFloorJoules: Float64Array;
  /** By tick: joules of the control plane, the work of shared principals among them. */
  readonly controlPlaneJoules: Float64Array;
  /** By shared principal, in the rows' order: its own work, which is part of `controlPlaneJoules`. */
  readonly principalJoules: Float64Array;
  /** By tick: measured joules that no part explains; below 0 where the parts say more than was measured. */
  readonly residualJoules: Float64Array;
}

const MEASURED = 0;
const PARTS = 1;

export function entryShares(energies: TickEnergies): EntryShares {
  const { rows, workJoules, measuredJoules } = energies;
  const individual = new CompensatedSums(rows.functionCount);
  const floor = new CompensatedSums(rows.functionCount);
  const principals = new CompensatedSums(rows.columns.length - rows.functionCount);
  const entryJoules = new Float64Array(workJoules.length);
  const ownerless = new Float64Array(rows.count);
  const control = new Float64Array(rows.count);
  const residual = new Float64Array(rows.count);
  const present = new Presence(energies);
  for (let tick = 0; tick < rows.count; tick++) {
    const [from, to] = entriesOf(rows, tick, tick + 1);
    if (!isMeasured(energies, tick)) {
      entryJoules.fill(Number.NaN, from, to);
      continue;
    }
    const floorJoules = energies.floorJoules[tick] ?? 0;
    const idleJoules = energies.idleJoules[tick] ?? 0;
    const tally = new CompensatedSums(2);
    if (measuredJoules !== undefined) tally.add(MEASURED, measuredJoules[tick] ?? 0);
    tally.add(PARTS, floorJoules);
    tally.add(PARTS, idleJoules);
    tally.add(PARTS, energies.controlPlaneJoules[tick] ?? 0);
    control[tick] = energies.controlPlaneJoules[tick] ?? 0;
    for (let entry = from; entry < to; entry++) {
      const who = rows.column[entry] ?? 0;
      const work = workJoules[entry] ?? 0;
      entryJoules[entry] = work;
      tally.add(PARTS, work);
      if (who < rows.functionCount) individual.add(who, work);
      else {
        principals.add(who - rows.functionCount, work);
        control[tick] = (control[tick] ?? 0) + work;
      }
    }
    if (measuredJoules !== undefined) residual[tick] = tally.at(MEASURED) - tally.at(PARTS);
    if (floorJoules === 0) continue;
    const shares = present.sharesOf(from, to);
    if (shares.length === 0) ownerless[tick] = floorJoules;
    for (let i = 0; i < shares.length; i++) {
      const entry = present.entries[i] ?? 0;
      const share = floorJoules * (shares[i] ?? 0);
      entryJoules[entry] = (entryJoules[entry] ?? 0) + share;
      individual.add(rows.column[entry] ?? 0, share);
      floor.add(rows.column[entry] ?? 0, share);
    }
  }
  return {
    entryJoules,
    individualJoules: individual.values(),
    floorJoules: floor.values(),
    ownerlessFloorJoules: ownerless,
    controlPlaneJoules: control,
    principalJoules: principals.values(),
    residualJoules: residual,
  };
}

/** Who was there in a tick, and its parts of the floor; one memory for all ticks. */
class Presence {
  readonly #energies: TickEnergies;
  readonly #presence: Float64Array;
  readonly #shares: Float64Array;
  /** The entries that the shares are of, in the same order. */
  readonly entries: Uint32Array;

  constructor(energies: TickEnergies) {
    const most = energies.rows.columns.length;
    this.#energies = energies;
    this.#presence = new Float64Array(most);
    this.#shares = new Float64Array(most);
    this.entries = new Uint32Array(most);
  }

  /** Parts of the functions among these entries; valid until the next call. */
  sharesOf(from: number, to: number): Float64Array {
    const { rows } = this.#energies;
    let count = 0;
    for (let entry = from; entry < to; entry++) {
      if ((rows.column[entry] ?? 0) >= rows.functionCount || !isActive(rows, entry)) continue;
      this.entries[count] = entry;
      this.#presence[count++] = presenceOf(rows.seconds[entry] ?? 0, rows.tickSeconds);
    }
    return presenceShares(this.#presence.subarray(0, count), this.#shares.subarray(0, count));
  }
}
