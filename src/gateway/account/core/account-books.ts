import { type Logger, messageOf } from '../../../base/index.js';
import type { OnlineAccount } from '../../../footprint/index.js';
import type { TraceDescription } from '../../../model/index.js';
import type { OpenCall } from '../calls/running-call.js';
import type { AccountFiles } from '../store/account-files.js';
import type { AccountStore } from '../store/account-store.js';
import { savedSums } from '../store/saved-sums.js';
import { TraceRecorder } from '../trace/trace-recorder.js';
import { FunctionSums } from './function-sums.js';
import type { MachineTick } from './machine-tick.js';
import { secondOf } from './second-of.js';
import type { Settlement } from './settle.js';

export interface BooksParts {
  readonly log: Logger;
  readonly store: AccountStore;
  /** Absent where nothing is to be gone on from. */
  readonly files: AccountFiles | undefined;
  readonly account: Pick<OnlineAccount, 'toJSON'>;
  /** What is known of the machine, for traces. */
  readonly description: () => TraceDescription;
  readonly openCalls: () => Iterable<OpenCall>;
}

/** The model of functions' power is large and forgiving: it is written with every so many updates. */
const UPDATES_PER_MODEL = 10;

/** Writes down what was settled: sums, windows, calls, traces. */
export class AccountBooks {
  readonly sums: FunctionSums;
  readonly #parts: BooksParts;
  readonly #recorders = new Map<string, TraceRecorder>();
  #updates = 0;

  constructor(parts: BooksParts, now: number) {
    this.#parts = parts;
    this.sums = new FunctionSums(now, savedSums(parts.files?.readSums()));
  }

  ticked(machine: readonly MachineTick[]): void {
    this.#parts.store.recordSeconds(machine.map(secondOf));
  }

  settled(settlements: readonly Settlement[], now: number): void {
    if (settlements.length === 0) return;
    const { store, files, account } = this.#parts;
    for (const settlement of settlements) {
      const { window, calls } = settlement;
      this.sums.add(window);
      store.recordWindow(window);
      store.recordCalls(calls);
      for (const recorder of this.#recorders.values())
        if (!recorder.take(settlement)) this.stopRecording(recorder.directory);
    }
    // Before anyone sees the counters: they must never be seen lower again.
    files?.writeSums(this.sums);
    if (++this.#updates % UPDATES_PER_MODEL === 0) files?.writeModel(account);
    store.tidy(now);
  }

  record(directory: string): void {
    this.#recorders.set(directory, new TraceRecorder(directory, this.#parts.log));
  }

  stopRecording(directory: string): void {
    const recorder = this.#recorders.get(directory);
    if (recorder === undefined) return;
    this.#recorders.delete(directory);
    try {
      recorder.finish(this.#parts.openCalls(), this.#parts.description());
    } catch (error) {
      this.#parts.log.error('a trace could not be ended in order', { directory, error: messageOf(error) });
    }
  }

  ailment(): string | undefined {
    return this.#parts.store.ailment() ?? this.#parts.files?.ailment();
  }

  close(): void {
    for (const directory of [...this.#recorders.keys()]) this.stopRecording(directory);
    this.#parts.store.close();
    // Last, as it is the largest and can be done without.
    this.#parts.files?.writeModel(this.#parts.account);
  }
}
