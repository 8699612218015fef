import type { Citation } from '../citation.js';
import type { Tier } from './tiers.js';

export type Architecture = 'x86_64' | 'arm64';

/** How much processor goes with how much memory, and what it costs. */
export interface CpuPrice {
  readonly unit: 'vCPU' | 'GHz';
  readonly perUnitSecond: number;
  /** MiB of memory and the units of processor that go with them, ascending; the next larger row counts. */
  readonly byMemory: readonly (readonly [memoryMib: number, units: number])[];
}

/** What a provider charges for functions, in one group of its regions. */
export interface PriceTable {
  readonly id: string;
  readonly provider: 'aws' | 'gcp' | 'azure';
  readonly product: string;
  /** Absent where the provider makes no difference. */
  readonly architecture?: Architecture;
  /** Where these prices hold. */
  readonly regions: string;
  readonly currency: 'USD';
  /** The day on which the prices were such, as far as is known. */
  readonly asOf: string;
  readonly source: Citation;
  readonly duration: { readonly stepSeconds: number; readonly minimumSeconds: number };
  readonly memory: {
    readonly minimumMib: number;
    readonly maximumMib: number;
    /** What is charged is a multiple of this. */
    readonly stepMib?: number;
    /** Or one of these, the next larger. */
    readonly sizesMib?: readonly number[];
  };
  /** Per GB-second of memory, a GB being 1,024 MiB, by GB-seconds in a month. */
  readonly gbSecond: readonly Tier[];
  readonly cpu?: CpuPrice;
  readonly perRequest: number;
  readonly storage?: {
    readonly includedMib: number;
    readonly maximumMib: number;
    readonly perGbSecond: number;
  };
  /** What costs nothing in each month. */
  readonly free: {
    readonly requests: number;
    readonly gbSeconds: number;
    readonly cpuSeconds?: number;
  };
}
