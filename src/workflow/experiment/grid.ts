import type { Override } from '../define/resolve.js';

/** Values to try along each axis; an axis without any stays as the workflow has it. */
export interface Grid {
  readonly workers?: readonly number[];
  readonly cpu?: readonly number[];
  readonly memoryMib?: readonly number[];
}

const along = <Key extends keyof Override>(key: Key, values: readonly number[] = []): Override[] =>
  values.length === 0 ? [{}] : [...new Set(values)].map((value) => ({ [key]: value }));

/** Every combination, in order. */
export function configurationsOf(grid: Grid): Override[] {
  return along('cpu', grid.cpu).flatMap((cpu) =>
    along('memoryMib', grid.memoryMib).flatMap((memory) =>
      along('workers', grid.workers).map((workers) => ({ ...cpu, ...memory, ...workers })),
    ),
  );
}

/** As it is written in logs: `workers 4, cpu 1, memory 512 MiB`. */
export function describeOverride({ workers, cpu, memoryMib }: Override): string {
  const parts = [
    workers !== undefined && `workers ${workers}`,
    cpu !== undefined && `cpu ${cpu}`,
    memoryMib !== undefined && `memory ${memoryMib} MiB`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'as the workflow says' : parts.join(', ');
}
