import { ErrorCode, WattloopError } from '../../errors/index.js';
import { CompensatedSums } from './compensated-sum.js';
import type { StageSpan } from './critical-path.js';

/** One execution of a function within a run of a workflow, with its footprint. */
export interface StageInvocation {
  readonly stage: string;
  readonly function: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Absent where nobody knows. */
  readonly joules?: number;
}

/** What a function's invocations in a stage took. */
export interface FunctionTally {
  readonly invocations: number;
  readonly withoutEnergy: number;
  /** Absent where nobody knows that of any. */
  readonly joules?: number;
}

/** What is known of invocations, added one by one. */
class Tally {
  invocations = 0;
  withoutEnergy = 0;
  readonly #sum = new CompensatedSums(1);

  add(joules: number | undefined): void {
    this.invocations++;
    if (joules === undefined) this.withoutEnergy++;
    else this.#sum.add(0, joules);
  }

  /** Undefined where there are invocations, and nobody knows the energy of any. */
  get joules(): number | undefined {
    return this.invocations > 0 && this.withoutEnergy === this.invocations ? undefined : this.#sum.at(0);
  }
}

/** What is known of a stage's invocations. */
export class StageTally extends Tally {
  #start = Number.POSITIVE_INFINITY;
  #end = Number.NEGATIVE_INFINITY;
  readonly #functions = new Map<string, Tally>();

  addInvocation(invocation: StageInvocation): void {
    check(invocation);
    const { function: name, startSeconds, endSeconds, joules } = invocation;
    this.#start = Math.min(this.#start, startSeconds);
    this.#end = Math.max(this.#end, endSeconds);
    let own = this.#functions.get(name);
    if (own === undefined) {
      own = new Tally();
      this.#functions.set(name, own);
    }
    own.add(joules);
    this.add(joules);
  }

  get span(): StageSpan | undefined {
    return this.invocations === 0 ? undefined : { startSeconds: this.#start, endSeconds: this.#end };
  }

  functions(): Readonly<Record<string, FunctionTally>> {
    const entries = [...this.#functions].map(([name, { invocations, withoutEnergy, joules }]) => {
      const tally: FunctionTally = { invocations, withoutEnergy, ...(joules !== undefined && { joules }) };
      return [name, tally] as const;
    });
    return Object.fromEntries(entries);
  }
}

function check({ stage, function: name, startSeconds, endSeconds, joules }: StageInvocation): void {
  const isTime = Number.isFinite(startSeconds) && Number.isFinite(endSeconds) && startSeconds <= endSeconds;
  const isEnergy = joules === undefined || Number.isFinite(joules);
  if (isTime && isEnergy) return;
  const what = isTime ? `took ${joules} J` : `ran from ${startSeconds} s to ${endSeconds} s`;
  throw new WattloopError(ErrorCode.badInput, `an invocation of ${name} in stage "${stage}" ${what}`, {
    remedy: 'Leave out what is not known: its joules, or an invocation that has not ended.',
  });
}
