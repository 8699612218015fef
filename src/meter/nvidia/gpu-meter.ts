import type { EnergyReading } from '../../model/index.js';

/** No board draws this much: the driver gave garbage. */
export const IMPLAUSIBLE_WATTS = 10_000;

/** A way to ask the GPUs of this machine for energy or power. */
export interface GpuMeter {
  /** Seconds between polls that make sense. */
  readonly interval: number;
  /** One line on what is read and what is not. */
  readonly note: string;
  /** Rejects when no GPU answers. */
  read(): Promise<EnergyReading[]>;
  close(): Promise<void>;
}
