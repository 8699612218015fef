/** What a table says of one processor package (socket). */
export interface CpuRow {
  /** As the vendor names it, without its own name: `Xeon Platinum 8259CL`, `EPYC 7R32`. */
  readonly model: string;
  readonly architecture: string;
  /** Physical cores. */
  readonly cores: number;
  /** Thermal design power (from Alder Lake on: processor base power). */
  readonly watts: number;
  /** What it draws when idle, where that was measured; else the load curve tells. */
  readonly idleWatts?: number;
  /** Where the figure can be looked up. */
  readonly source: string;
}

/** Rows that share an architecture and a source: `[model, cores, watts]`. */
export const rows = (
  architecture: string,
  source: string,
  entries: readonly (readonly [model: string, cores: number, watts: number])[],
): CpuRow[] => entries.map(([model, cores, watts]) => ({ model, architecture, cores, watts, source }));
