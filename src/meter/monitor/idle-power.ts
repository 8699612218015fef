import type { Domain, SourceName } from '../../model/index.js';

/** Learns what a machine draws idle while it runs. */
export interface IdlePower {
  /** Takes a tick's power and utilisation (0 to 1), and returns the idle power as far as it is known. */
  learn(source: SourceName, domain: Domain, watts: number, utilisation: number): number | undefined;
}

/** Not yet learnt: everything is unknown. */
export class LearntIdlePower implements IdlePower {
  learn(): number | undefined {
    return undefined;
  }
}
