import { type EnergyShare, type Invocation, PHASES, type RunRecord, type Usage } from '../../model/index.js';

export type Cell = string | number | boolean | undefined;
export type ColumnKind = 'text' | 'number' | 'integer' | 'boolean';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** An invocation as one row: its cells by the names of their columns. What is not known is not there. */
export type FlatRow = ReadonlyMap<string, Cell>;

type Reader = (invocation: Invocation, run: RunRecord) => Cell;
type FixedColumn = readonly [name: string, kind: ColumnKind, read: Reader];

const phaseSeconds =
  (name: (typeof PHASES)[number], clock: 'wallSeconds' | 'cpuSeconds'): Reader =>
  ({ phases }) =>
    phases.find((phase) => phase.name === name)?.[clock];

/** The columns that every export has, in their order. Times of day are seconds since 1970. */
const FIXED: readonly FixedColumn[] = [
  ['run', 'text', (_, run) => run.id],
  ['workflow', 'text', (_, run) => run.workflow],
  ['stage', 'text', (invocation) => invocation.function],
  ['partition', 'integer', (invocation) => invocation.partition],
  ['attempt', 'integer', (invocation) => invocation.attempt],
  ['speculative', 'boolean', (invocation) => invocation.speculative],
  ['invocation', 'text', (invocation) => invocation.id],
  ['status', 'text', (invocation) => invocation.status],
  ['error_name', 'text', ({ error }) => error?.name],
  ['error_message', 'text', ({ error }) => error?.message],
  ['cpu', 'number', ({ configuration }) => configuration.cpu],
  ['memory_mib', 'number', ({ configuration }) => configuration.memoryMib],
  ['workers', 'integer', ({ configuration }) => configuration.workers],
  ['worker', 'text', (invocation) => invocation.worker],
  ['cold', 'boolean', (invocation) => invocation.cold],
  ['submitted_unix_seconds', 'number', (invocation) => invocation.submittedAt],
  ['started_unix_seconds', 'number', (invocation) => invocation.startedAt],
  ['ended_unix_seconds', 'number', (invocation) => invocation.endedAt],
  ['wall_seconds', 'number', (invocation) => invocation.wallSeconds],
  ['cpu_seconds', 'number', (invocation) => invocation.cpuSeconds],
  ...PHASES.flatMap((name): FixedColumn[] => [
    [`${name}_seconds`, 'number', phaseSeconds(name, 'wallSeconds')],
    [`${name}_cpu_seconds`, 'number', phaseSeconds(name, 'cpuSeconds')],
  ]),
  ['memory_peak_mib', 'number', (invocation) => invocation.memoryPeakMib],
  ['read_bytes', 'integer', (invocation) => invocation.readBytes],
  ['written_bytes', 'integer', (invocation) => invocation.writtenBytes],
  ['backend', 'text', ({ platform }) => platform?.backend],
  ['hostname', 'text', ({ platform }) => platform?.hostname],
  ['cpu_model', 'text', ({ platform }) => platform?.cpu.model],
  ['architecture', 'text', ({ platform }) => platform?.cpu.architecture],
  ['cores_physical', 'integer', ({ platform }) => platform?.cpu.coresPhysical],
  ['cores_logical', 'integer', ({ platform }) => platform?.cpu.coresLogical],
  ['machine_memory_mib', 'number', ({ platform }) => platform?.memoryMib],
  ['operating_system', 'text', ({ platform }) => platform?.operatingSystem],
  ['kernel', 'text', ({ platform }) => platform?.kernel],
  ['runtime', 'text', ({ platform }) => platform?.runtime],
  ['virtualization', 'text', ({ platform }) => platform?.virtualization],
  ['cpu_limit', 'text', ({ platform }) => platform?.cpuLimit.by],
  ['memory_limit', 'text', ({ platform }) => platform?.memoryLimit.by],
  ['log', 'text', (invocation) => invocation.log],
];

const FIXED_COLUMNS: readonly Column[] = FIXED.map(([name, kind]) => ({ name, kind }));

const USAGE_NAMES: { readonly [Field in keyof Required<Usage>]: string } = {
  cpuSeconds: 'cpu_seconds',
  cycles: 'cycles',
  instructions: 'instructions',
  llcMisses: 'llc_misses',
  contextSwitches: 'context_switches',
  memoryPeakMib: 'memory_peak_mib',
  readBytes: 'read_bytes',
  writtenBytes: 'written_bytes',
};

const snake = (text: string): string => text.replaceAll('-', '_');
const measure = ({ source, domain }: EnergyShare): string => `${snake(source)}_${domain}`;

/** Kinds of the columns that depend on the methods that worked: numbers, but for where they come from. */
const methodColumnKind = (name: string): ColumnKind => (name.endsWith('_provenance') ? 'text' : 'number');

function addMethods(cells: Map<string, Cell>, invocation: Invocation): void {
  for (const share of invocation.energies) {
    const name = measure(share);
    cells.set(`${name}_joules`, share.joules);
    cells.set(`${name}_idle_joules`, share.idleJoules);
    cells.set(`${name}_node_joules`, share.nodeJoules);
    cells.set(`${name}_uncertainty`, share.uncertainty);
    cells.set(`${name}_provenance`, share.provenance);
  }
  for (const phase of invocation.phases)
    for (const share of phase.energies) {
      cells.set(`${phase.name}_${measure(share)}_joules`, share.joules);
      cells.set(`${phase.name}_${measure(share)}_idle_joules`, share.idleJoules);
    }
  for (const { method, usage } of invocation.usage)
    for (const [field, name] of Object.entries(USAGE_NAMES))
      cells.set(`${snake(method)}_${name}`, usage[field as keyof Usage]);
}

export function flatRow(invocation: Invocation, run: RunRecord): FlatRow {
  const cells = new Map<string, Cell>(FIXED.map(([name, , read]) => [name, read(invocation, run)]));
  addMethods(cells, invocation);
  return cells;
}

/** Finds which columns invocations need: those of every export, then those of methods that told something, by name. */
export class ColumnFinder {
  readonly #names = new Set<string>();

  add(invocation: Invocation): void {
    const cells = new Map<string, Cell>();
    addMethods(cells, invocation);
    for (const [name, cell] of cells) if (cell !== undefined) this.#names.add(name);
  }

  get columns(): Column[] {
    const names = [...this.#names].sort();
    return [...FIXED_COLUMNS, ...names.map((name) => ({ name, kind: methodColumnKind(name) }))];
  }
}
