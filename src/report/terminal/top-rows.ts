import type { NodeSnapshot, PrincipalShare } from '../../meter/index.js';

export const TOP_SORTS = ['watts', 'cpu', 'joules', 'name'] as const;
export type TopSort = (typeof TOP_SORTS)[number];

export const TOP_VIEWS = ['process', 'container', 'cgroup'] as const;
export type TopView = (typeof TOP_VIEWS)[number];

/** What the user sees of a snapshot, and what he is doing. */
export interface TopState {
  readonly by: TopView;
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

// Where nothing gives power, CPU time is the next best order.
const ORDER: Readonly<Record<TopSort, (a: PrincipalShare, b: PrincipalShare) => number>> = {
  watts: (a, b) => (b.watts ?? 0) - (a.watts ?? 0) || b.cpus - a.cpus,
  cpu: (a, b) => b.cpus - a.cpus,
  joules: (a, b) => (b.joulesTotal ?? 0) - (a.joulesTotal ?? 0) || b.cpuSecondsTotal - a.cpuSecondsTotal,
  name: (a, b) => a.principal.name.localeCompare(b.principal.name),
};

/** The rows to show: filtered, in the order asked for. */
export function topRows(snapshot: NodeSnapshot, state: Pick<TopState, 'sort' | 'filter'>): PrincipalShare[] {
  const wanted = state.filter.toLowerCase();
  return snapshot.shares
    .filter(({ principal }) => `${principal.name} ${principal.key}`.toLowerCase().includes(wanted))
    .sort(ORDER[state.sort]);
}
