import type { ExplainedWorker } from '../gateway/index.js';
import { type Cell, printable, table } from '../report/index.js';

const ROLES: Readonly<Record<ExplainedWorker['role'], string>> = {
  function: 'function',
  'control-plane': 'control plane',
  none: 'nobody',
  unknown: '-',
};

/** What this machine's workloads were recognised as, and by which rules. */
export function workerTable(workers: readonly ExplainedWorker[]): string {
  const rows = workers.map((worker): Cell[] => [
    printable(worker.workload),
    worker.type,
    ROLES[worker.role],
    worker.function === undefined ? undefined : printable(worker.function),
    worker.rule === undefined ? undefined : `${worker.platform}: ${worker.rule}`,
  ]);
  return table(['workload', 'type', 'recognised as', 'name', 'by rule'], rows);
}
