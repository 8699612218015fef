import type { AccountShares } from '../account.js';
import type {
  AccountWindow,
  FunctionWindowAccount,
  LoadBasis,
  WindowAccount,
} from '../online/account-window.js';
import type { Rows } from '../rows/rows.js';
import { CompensatedSums } from '../shares/compensated-sum.js';

/** What a function had of all windows. */
export interface FunctionSums {
  individualJoules: number;
  floorJoules: number;
  controlPlaneJoules: number;
  idleJoules: number;
  /** NaN where a window could not tell it. */
  marginalJoules: number;
  operationalGrams: number;
  embodiedGrams: number;
  /** As of the last window that it ran in. */
  last: FunctionWindowAccount;
}

const PARTS = ['measured', 'individual', 'controlPlane', 'idle', 'unattributed'] as const;

/** Windows put together again: sums, and courses over all ticks. */
export class ReplaySums {
  readonly #parts = new CompensatedSums(PARTS.length);
  readonly #counts = new Map<string, number>();
  readonly functions = new Map<string, FunctionSums>();
  readonly entryJoules: Float64Array;
  readonly idleJoules: Float64Array;
  readonly controlPlaneJoules: Float64Array;
  readonly predictedWatts: Float64Array;
  /** As of the last window. */
  basis: LoadBasis = 'calls';
  #tick = 0;
  #entry = 0;

  constructor({ count, column }: Rows) {
    this.entryJoules = new Float64Array(column.length);
    this.idleJoules = new Float64Array(count);
    this.controlPlaneJoules = new Float64Array(count);
    this.predictedWatts = new Float64Array(count);
  }

  take({ rows }: AccountWindow, account: WindowAccount): void {
    // Ticks without power have no energy in any figure.
    const orNone = (joules: number): number => (Number.isNaN(joules) ? 0 : joules);
    this.entryJoules.set(account.entryJoules.map(orNone), this.#entry);
    this.idleJoules.set(account.tickIdleJoules.map(orNone), this.#tick);
    this.controlPlaneJoules.set(account.tickControlPlaneJoules, this.#tick);
    this.predictedWatts.set(account.predictedWatts, this.#tick);
    this.basis = account.basis;
    this.#tick += rows.count;
    this.#entry += rows.column.length;
    for (const [i, part] of PARTS.entries()) this.#parts.add(i, account.shares[`${part}Joules`]);
    for (const one of account.functions) this.#add(one);
    for (const { code, count = 0 } of account.findings)
      this.#counts.set(code, (this.#counts.get(code) ?? 0) + count);
  }

  #add(one: FunctionWindowAccount): void {
    const sums = this.functions.get(one.function);
    if (sums === undefined) {
      this.functions.set(one.function, {
        ...one,
        marginalJoules: one.marginalJoules ?? Number.NaN,
        embodiedGrams: one.embodiedGrams ?? 0,
        last: one,
      });
      return;
    }
    sums.individualJoules += one.individualJoules;
    sums.floorJoules += one.floorJoules;
    sums.controlPlaneJoules += one.controlPlaneJoules;
    sums.idleJoules += one.idleJoules;
    sums.marginalJoules += one.marginalJoules ?? Number.NaN;
    sums.operationalGrams += one.operationalGrams;
    sums.embodiedGrams += one.embodiedGrams ?? 0;
    if (one.seconds > 0) sums.last = one;
  }

  /** How many ticks the windows' findings of this code are about. */
  countOf(code: string): number {
    return this.#counts.get(code) ?? 0;
  }

  /** What those had that no invocation ran of is nobody's. */
  shares(invoked: (name: string) => boolean): AccountShares {
    const at = (part: (typeof PARTS)[number]): number => this.#parts.at(PARTS.indexOf(part));
    const strays = [0, 0, 0];
    for (const [name, sums] of this.functions) {
      if (invoked(name)) continue;
      strays[0] = (strays[0] ?? 0) + sums.individualJoules;
      strays[1] = (strays[1] ?? 0) + sums.controlPlaneJoules;
      strays[2] = (strays[2] ?? 0) + sums.idleJoules;
    }
    const [individual = 0, control = 0, idle = 0] = strays;
    return {
      measuredJoules: at('measured'),
      individualJoules: at('individual') - individual,
      controlPlaneJoules: at('controlPlane') - control,
      idleJoules: at('idle') - idle,
      unattributedJoules: at('unattributed') + individual + control + idle,
    };
  }
}
