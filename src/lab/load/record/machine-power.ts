import type { NodeMonitor, NodeSnapshot } from '../../../meter/index.js';
import type { PowerTable, UsageTable } from '../../../model/index.js';

const WHOLE_MACHINE = 'system';

interface PowerRow {
  readonly t: number;
  readonly watts: number;
  readonly cpuWatts: number;
  readonly busySeconds: number;
}

/** What this machine draws while it is loaded, from its own sensors. */
export class MachinePower {
  readonly #monitor: NodeMonitor;
  readonly #rows: PowerRow[] = [];
  readonly #timer: NodeJS.Timeout;

  /** `now` tells seconds after the start of the trace. */
  constructor(monitor: NodeMonitor, now: () => number, everySeconds = 1) {
    this.#monitor = monitor;
    // From here on: what was before is no row's.
    monitor.tick();
    this.#timer = setInterval(() => this.#take(now()), everySeconds * 1e3);
  }

  get power(): PowerTable {
    return {
      t: this.#column(({ t }) => t),
      systemWatts: this.#column(({ watts }) => watts),
      cpuWatts: this.#column(({ cpuWatts }) => cpuWatts),
    };
  }

  /** CPU time of the machine as a whole. */
  get usage(): UsageTable {
    const unknown = new Float64Array(this.#rows.length).fill(Number.NaN);
    return {
      principals: [WHOLE_MACHINE],
      principalIndex: new Uint32Array(this.#rows.length),
      t: this.#column(({ t }) => t),
      cpuSeconds: this.#column(({ busySeconds }) => busySeconds),
      cycles: unknown,
      instructions: unknown,
      llcMisses: unknown,
    };
  }

  /** Whether any sensor told anything. */
  get isKnown(): boolean {
    return this.#rows.some(({ watts }) => Number.isFinite(watts));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#monitor.close();
  }

  #take(t: number): void {
    const snapshot = this.#monitor.tick();
    const { watts, busyCpus, seconds } = snapshot;
    this.#rows.push({
      t,
      watts: watts ?? Number.NaN,
      cpuWatts: processorWatts(snapshot) ?? Number.NaN,
      busySeconds: busyCpus === undefined ? Number.NaN : busyCpus * seconds,
    });
  }

  #column(of: (row: PowerRow) => number): Float64Array {
    return Float64Array.from(this.#rows, of);
  }
}

/** Of several sources that tell the processor's power, the one that counts, else the first. */
function processorWatts({ energies, primary }: NodeSnapshot): number | undefined {
  const told = energies.filter(({ domain, watts }) => domain === 'package' && watts !== undefined);
  return (told.find(({ source }) => source === primary?.source) ?? told[0])?.watts;
}
