import type { NodeSnapshot, PrincipalShare } from '../../meter/index.js';
import { joules, percent, seconds, watts } from './figures.js';
import { fitted, printable } from './printable.js';
import { type TopState, topRows } from './top-rows.js';

const KEYS = 'q quit  p pause  s sort  b view  / filter  Esc all  ↑↓ PgUp PgDn scroll';
const PLAIN_WIDTH = 160;
const ID_WIDTH = 12;
const TITLE = 'wattloop top';

function idOf({ principal }: PrincipalShare): string {
  const { labels, kind, key } = principal;
  return labels.pid ?? (kind === 'container' ? key.slice(0, ID_WIDTH) : kind);
}

function provenance({ energies, primary }: NodeSnapshot): string {
  return energies.find((energy) => energy.source === primary?.source)?.provenance ?? '';
}

function power(snapshot: NodeSnapshot): string {
  const { primary, idleWatts, unattributedWatts } = snapshot;
  if (primary === undefined) return 'no source of power works here ("wattloop doctor" says why)';
  const by = `by ${primary.source} (${primary.domains.join('+')}, ${provenance(snapshot)})`;
  const parts = `idle ${watts(idleWatts)}  unattributed ${watts(unattributedWatts)}`;
  return `${watts(snapshot.watts)} ${by}  ${parts}`;
}

function load({ busyCpus, logicalCpus, totals, self }: NodeSnapshot): string {
  const busy = `${busyCpus?.toFixed(2) ?? '-'} of ${logicalCpus} CPUs busy`;
  const own = `wattloop itself ${seconds(self.cpuSecondsTotal)} of CPU`;
  if (totals === undefined) return `${busy}  ${own}`;
  return `${busy}  ${joules(totals.joules)} so far, idle ${joules(totals.idleJoules)}  ${own}, ${joules(self.joulesTotal)}`;
}

const columns = (power: string, cpu: string, energy: string, id: string): string =>
  `${power.padStart(9)} ${cpu.padStart(8)} ${energy.padStart(9)}  ${fitted(id, ID_WIDTH)}  `;

const HEADER = `${columns('POWER', 'CPU', 'ENERGY', 'ID')}NAME`;

const row = (share: PrincipalShare): string =>
  columns(watts(share.watts), percent(share.cpus, 1), joules(share.joulesTotal), idOf(share)) +
  printable(share.principal.name);

function warnings({ disagreements }: NodeSnapshot): string[] {
  return disagreements
    .filter(({ overThreshold }) => overThreshold)
    .slice(0, 1)
    .map(
      ({ a, b, domain, relative }) => `warning: ${a} and ${b} disagree by ${percent(relative)} on ${domain}`,
    );
}

function status({ by, sort, filter, paused }: TopState, rows: number): string {
  const parts = [`by ${by}`, `sorted by ${sort}`, `${rows} rows`];
  if (filter !== '') parts.push(`filter "${filter}"`);
  if (paused) parts.push('PAUSED');
  return parts.join(', ');
}

/** Rows of principals that a screen has room for. */
function roomIn(snapshot: NodeSnapshot, height: number): number {
  // Two lines of figures, the status, the header and the keys.
  return Math.max(0, height - 5 - warnings(snapshot).length);
}

/** The state with no more rows scrolled past than there are to scroll. */
export function withinScreen(state: TopState, snapshot: NodeSnapshot | undefined, height: number): TopState {
  if (snapshot === undefined) return state;
  const most = Math.max(0, topRows(snapshot, state).length - roomIn(snapshot, height));
  return state.offset <= most ? state : { ...state, offset: most };
}

/** The whole screen, exactly `height` lines of at most `width` cells. Pure. */
export function topScreen(
  snapshot: NodeSnapshot | undefined,
  state: TopState,
  width: number,
  height: number,
): string[] {
  const foot = state.typing === undefined ? KEYS : `filter: ${state.typing}_   (Enter to apply, Esc to drop)`;
  const body: string[] = [];
  if (snapshot === undefined) body.push(`${TITLE}: waiting for the first figures…`);
  else {
    const rows = topRows(snapshot, state);
    const { offset } = withinScreen(state, snapshot, height);
    body.push(`${TITLE}  ${power(snapshot)}`, load(snapshot), ...warnings(snapshot));
    body.push(status(state, rows.length), HEADER);
    body.push(...rows.slice(offset, offset + roomIn(snapshot, height)).map(row));
  }
  const blank = Array.from({ length: Math.max(0, height - 1 - body.length) }, () => '');
  // The keys stay in sight also where there is room for little else.
  return [...[...body, ...blank].slice(0, Math.max(0, height - 1)), foot].map((line) =>
    fitted(line, width).trimEnd(),
  );
}

/** Plain lines for pipes and logs: the head and the first rows. */
export function topText(
  snapshot: NodeSnapshot,
  state: Pick<TopState, 'sort' | 'filter'>,
  count: number,
): string {
  const rows = topRows(snapshot, state).slice(0, count);
  return [`${TITLE}  ${power(snapshot)}`, load(snapshot), ...warnings(snapshot), HEADER, ...rows.map(row)]
    .map((line) => fitted(line, PLAIN_WIDTH).trimEnd())
    .join('\n');
}
