import type { NodeSnapshot } from '../../../meter/index.js';
import { exposition } from '../../metrics/exposition.js';
import { functionFamilies } from '../../metrics/function-families.js';
import { LastingCounters } from '../../metrics/lasting-counters.js';
import { machineFamilies } from '../../metrics/node-families.js';
import { FamilyWriter } from '../../metrics/sample.js';
import type { FunctionPower } from '../account.js';
import type { FunctionSums } from './function-sums.js';

/** The account's metrics as text: the machine's change with every tick, the functions' with every update. */
export interface AccountPageTexts {
  readonly machine: string;
  /** The same text until something of it changes. */
  readonly functions: string;
  /** The machine's counters as they are shown. */
  readonly counters: Readonly<Record<string, number>>;
}

export interface PageFacts {
  readonly snapshot: NodeSnapshot;
  readonly version: string;
  readonly gramsPerKilowattHour: number;
  readonly lostEvents: number;
}

export class AccountPages {
  readonly #counters: LastingCounters;
  #functions = '';

  constructor(counters: Readonly<Record<string, number>> = {}) {
    this.#counters = new LastingCounters(counters);
  }

  /** The functions' figures have changed. */
  update(sums: FunctionSums, forecasts: readonly FunctionPower[]): void {
    const { measuredJoules, unattributedJoules, endedJoules, since, functions, watts } = sums;
    this.#functions = exposition(
      functionFamilies({
        measuredJoules,
        unattributedJoules,
        endedJoules,
        since,
        functions,
        watts,
        callWatts: forecasts,
      }),
    );
  }

  texts({ snapshot, version, gramsPerKilowattHour, lostEvents }: PageFacts): AccountPageTexts {
    const intensity = new FamilyWriter('gridIntensity');
    intensity.add(gramsPerKilowattHour, snapshot.since);
    const lost = new FamilyWriter('lostCalls');
    lost.add(lostEvents, snapshot.since);
    // Lost events are counted by whoever loses them: they do not begin anew.
    const families = [...this.#counters.of(machineFamilies(snapshot, version)), intensity, lost];
    return { machine: exposition(families), functions: this.#functions, counters: this.#counters.shown };
  }
}
