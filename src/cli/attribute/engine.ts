import type { Account, CarbonMachine, FootprintKind } from '../../footprint/index.js';
import type { Trace } from '../../model/index.js';

/** What the user decided about an account; what is absent the account decides by itself. */
export interface AccountChoices {
  readonly mode?: string;
  readonly tickSeconds?: number;
  readonly kind?: FootprintKind;
  readonly idleWatts?: number;
  readonly lagSeconds?: number;
  readonly acceleratorFunctions?: readonly string[];
  readonly seed?: number;
  readonly carbon: CarbonMachine;
  readonly intensityOrigin: string;
}

/** What makes an account of a trace, and the ways in which it can. */
export interface AccountEngine {
  readonly modes: readonly string[];
  account(trace: Trace, choices: AccountChoices): Account;
}
