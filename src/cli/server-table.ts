import type { SimulatedServer } from '../lab/index.js';
import { type Cell, table } from '../report/index.js';

const HEADER = [
  'function',
  'invocations',
  'latency s',
  'work J',
  'floor J',
  'control J',
  'idle J',
  'marginal J',
];
/** Of many functions, those that took most. */
const ROWS = 20;

/** Where an imitated machine's energy went, function by function, per invocation. */
export function serverTable({ truth }: SimulatedServer): string {
  const all = [...truth.functions].sort((a, b) => b.totalJoules - a.totalJoules);
  const rows = all.slice(0, ROWS).map((each): Cell[] => {
    const { name, invocations, meanLatencySeconds, marginalJoules } = each;
    const figure = (joules: number | undefined): number | undefined =>
      joules === undefined || invocations === 0 ? undefined : Number((joules / invocations).toPrecision(4));
    return [
      name,
      invocations,
      meanLatencySeconds && Number(meanLatencySeconds.toPrecision(4)),
      ...[each.workJoules, each.floorJoules, each.controlPlaneJoules, each.idleJoules, marginalJoules].map(
        figure,
      ),
    ];
  });
  const rest = all.length > ROWS ? `\n… and ${all.length - ROWS} more functions` : '';
  return `${table(HEADER, rows)}${rest}`;
}
