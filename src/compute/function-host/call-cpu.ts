import type { CpuLedger } from './cpu-ledger.js';

/** The CPU time of one call: settled once, when its answer is about to be complete. */
export class CallCpu {
  readonly #ledger: CpuLedger;
  readonly #mark: number;
  #seconds: number | undefined;

  constructor(ledger: CpuLedger) {
    this.#ledger = ledger;
    this.#mark = ledger.begin();
  }

  /** CPU seconds of the call, which from now on has no part in what is used. */
  settle(): number {
    this.#seconds ??= this.#ledger.end(this.#mark);
    return this.#seconds;
  }
}
