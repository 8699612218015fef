import { closeSync, readSync } from 'node:fs';
import type { BpfMap } from '../native/libbpf.js';
import { libc } from '../native/libc.js';
import { encodeAttributes, HardwareEvent, type PerfEvent, PerfType } from '../native/perf-attributes.js';
import { Words } from './words.js';

const CLOSE_ON_EXEC = 8;
const CPU_CYCLES: PerfEvent = { type: PerfType.hardware, config: HardwareEvent.cycles };

/** A counter on every processor that the kernel programs read at each switch; there only where a PMU counts. */
export class CycleCounters {
  readonly #descriptors: readonly number[];
  readonly #value = Buffer.from(new ArrayBuffer(8));
  readonly #words = Words.of(this.#value);

  private constructor(descriptors: readonly number[]) {
    this.#descriptors = descriptors;
  }

  /** Undefined where no event can be opened: a virtual machine without PMU, or no permission. */
  static open(cpus: number, event: PerfEvent = CPU_CYCLES): CycleCounters | undefined {
    const descriptors: number[] = [];
    try {
      const attributes = encodeAttributes(event, { pinned: true, countAlone: true });
      for (let cpu = 0; cpu < cpus; cpu++) {
        descriptors.push(libc().perfEventOpen(attributes, -1, cpu, -1, CLOSE_ON_EXEC));
      }
    } catch {
      for (const other of descriptors) closeSync(other);
      return undefined;
    }
    return new CycleCounters(descriptors);
  }

  /** Puts the counters where the kernel programs look for them. */
  install(map: BpfMap): void {
    const [key, value] = [Buffer.alloc(4), Buffer.alloc(4)];
    for (const [cpu, descriptor] of this.#descriptors.entries()) {
      key.writeUInt32LE(cpu);
      value.writeUInt32LE(descriptor);
      map.update(key, value);
    }
  }

  /** The count of a processor now. */
  read(cpu: number): number | undefined {
    const descriptor = this.#descriptors[cpu];
    if (descriptor === undefined || readSync(descriptor, this.#value) !== 8) return undefined;
    return this.#words.number(0);
  }

  close(): void {
    for (const descriptor of this.#descriptors) closeSync(descriptor);
  }
}
