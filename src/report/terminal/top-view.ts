import type { NodeSnapshot, PrincipalShare } from '../../meter/index.js';
import { joules, percent, seconds, watts } from './figures.js';

export const TOP_SORTS = ['watts', 'cpu', 'joules', 'name'] as const;
export type TopSort = (typeof TOP_SORTS)[number];

export interface TopState {
  readonly by: string;
  readonly sort: TopSort;
  /** Only rows whose name or id contains it. */
  readonly filter: string;
  readonly paused: boolean;
  /** The filter while it is typed, else undefined. */
  readonly typing: string | undefined;
  /** Rows scrolled past. */
  readonly offset: number;
}

export const INITIAL_TOP: TopState = {
  by: 'process',
  sort: 'watts',
  filter: '',
  paused: false,
  typing: undefined,
  offset: 0,
};

const KEYS = 'q quit  p pause  s sort  b by process/container/cgroup  / filter  ↑↓ scroll';

const ORDER: Readonly<Record<TopSort, (a: PrincipalShare, b: PrincipalShare) => number>> = {
  watts: (a, b) => (b.watts ?? 0) - (a.watts ?? 0) || b.cpus - a.cpus,
  cpu: (a, b) => b.cpus - a.cpus,
  joules: (a, b) => (b.joulesTotal ?? 0) - (a.joulesTotal ?? 0),
  name: (a, b) => a.principal.name.localeCompare(b.principal.name),
};

// Names come from outside: control characters in them must not move the cursor.
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '?');

function fitted(text: string, width: number): string {
  const clean = printable(text);
  return clean.length > width ? `${clean.slice(0, Math.max(0, width - 1))}…` : clean.padEnd(width);
}

/** The rows to show: filtered, in the order asked for. */
export function topRows(snapshot: NodeSnapshot, state: Pick<TopState, 'sort' | 'filter'>): PrincipalShare[] {
  const wanted = state.filter.toLowerCase();
  return snapshot.shares
    .filter(({ principal }) => `${principal.name} ${principal.key}`.toLowerCase().includes(wanted))
    .sort(ORDER[state.sort]);
}

function idOf({ principal }: PrincipalShare): string {
  return (
    principal.labels.pid ?? (principal.kind === 'container' ? principal.key.slice(0, 12) : principal.kind)
  );
}

function head(snapshot: NodeSnapshot, width: number): string[] {
  const { primary, totals } = snapshot;
  const power = primary
    ? `${watts(snapshot.watts)} by ${primary.source} (${primary.domains.join('+')}, ${provenance(snapshot)}); idle ${watts(snapshot.idleWatts)}, unattributed ${watts(snapshot.unattributedWatts)}`
    : 'no source of power works here: CPU only ("wattloop doctor" says why)';
  const busy = `${snapshot.busyCpus?.toFixed(2) ?? '-'} of ${snapshot.logicalCpus} CPUs busy`;
  const load = `${busy}; ${totals ? `${joules(totals.joules)} so far, idle ${joules(totals.idleJoules)}; self ${joules(snapshot.self.joulesTotal)}` : `self ${seconds(snapshot.self.cpuSecondsTotal)} of CPU`}`;
  return [fitted(`wattloop top  ${power}`, width), fitted(load, width)];
}

function provenance(snapshot: NodeSnapshot): string {
  return snapshot.energies.find((energy) => energy.source === snapshot.primary?.source)?.provenance ?? '';
}

function row(share: PrincipalShare, width: number): string {
  const left = `${watts(share.watts).padStart(9)} ${percent(share.cpus, 1).padStart(8)} ${joules(share.joulesTotal).padStart(9)}  ${fitted(idOf(share), 12)}  `;
  return left + fitted(share.principal.name, Math.max(4, width - left.length));
}

/** The whole screen, exactly `height` lines of at most `width` characters. Pure. */
export function topScreen(
  snapshot: NodeSnapshot | undefined,
  state: TopState,
  width: number,
  height: number,
): string[] {
  if (snapshot === undefined) return pad(['wattloop top: waiting for the first figures…'], height);
  const rows = topRows(snapshot, state);
  const lines = head(snapshot, width);
  for (const { a, b, domain, relative, overThreshold } of snapshot.disagreements) {
    if (overThreshold && lines.length < 4)
      lines.push(fitted(`warning: ${a} and ${b} disagree by ${percent(relative)} on ${domain}`, width));
  }
  lines.push(
    fitted(
      `${'POWER'.padStart(9)} ${'CPU'.padStart(8)} ${'ENERGY'.padStart(9)}  ${fitted('ID', 12)}  NAME`,
      width,
    ),
  );
  const room = Math.max(0, height - lines.length - 1);
  const offset = Math.min(state.offset, Math.max(0, rows.length - room));
  lines.push(...rows.slice(offset, offset + room).map((share) => fitted(row(share, width), width).trimEnd()));
  const status = `by ${state.by}, sorted by ${state.sort}, ${rows.length} rows${state.filter ? `, filter "${printable(state.filter)}"` : ''}${state.paused ? ', PAUSED' : ''}`;
  const foot =
    state.typing === undefined
      ? `${status}   ${KEYS}`
      : `filter: ${printable(state.typing)}_   (Enter to apply, Esc to drop)`;
  return [...pad(lines, height - 1), fitted(foot, width).trimEnd()];
}

/** Plain lines for pipes and logs: the head and the first rows. */
export function topText(
  snapshot: NodeSnapshot,
  state: Pick<TopState, 'sort' | 'filter'>,
  count: number,
): string {
  const width = 160;
  const rows = topRows(snapshot, state).slice(0, count);
  const header = `${'POWER'.padStart(9)} ${'CPU'.padStart(8)} ${'ENERGY'.padStart(9)}  ${fitted('ID', 12)}  NAME`;
  return [...head(snapshot, width), header, ...rows.map((share) => row(share, width))]
    .map((line) => line.trimEnd())
    .join('\n');
}

function pad(lines: readonly string[], height: number): string[] {
  return [...lines, ...Array.from({ length: Math.max(0, height - lines.length) }, () => '')].slice(0, height);
}
