import { closeSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BpfMap } from '../native/libbpf.js';
import { Words } from './words.js';

/** Where the kernel keeps perf_event_open, by processor architecture. */
const PERF_EVENT_OPEN: Readonly<Record<string, number>> = {
  x64: 298,
  arm64: 241,
  riscv64: 241,
  loong64: 241,
};
const ATTRIBUTE_BYTES = 112;
const PINNED = 1n << 2n;
const CLOSE_ON_EXEC = 8;

/** A perf event by type and number. */
export interface PerfEvent {
  readonly type: number;
  readonly config: bigint;
}

const CPU_CYCLES: PerfEvent = { type: 0, config: 0n };

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
    const number = PERF_EVENT_OPEN[process.arch];
    if (number === undefined) return undefined;
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const perfEventOpen = koffi
      .load(null)
      .func('long syscall(long number, void *attributes, int pid, int cpu, int group, unsigned long flags)');
    const attributes = Buffer.alloc(ATTRIBUTE_BYTES);
    attributes.writeUInt32LE(event.type, 0);
    attributes.writeUInt32LE(ATTRIBUTE_BYTES, 4);
    attributes.writeBigUInt64LE(event.config, 8);
    // Pinned: always on its counter, never shared by turns, or not at all.
    attributes.writeBigUInt64LE(PINNED, 40);
    const descriptors: number[] = [];
    for (let cpu = 0; cpu < cpus; cpu++) {
      const descriptor = Number(perfEventOpen(number, attributes, -1, cpu, -1, CLOSE_ON_EXEC));
      if (descriptor < 0) {
        for (const other of descriptors) closeSync(other);
        return undefined;
      }
      descriptors.push(descriptor);
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
