import type { LatencyFigures, LoadFigures, LoadResult } from '../../model/index.js';
import { callsText, countText, failureText, rateText } from '../load-words.js';
import { joules, quantity, seconds } from './figures.js';
import { printable } from './printable.js';
import { type Cell, table } from './table.js';

const HEADER = ['function', 'sent', 'done', 'failed', 'done/s', 'p50', 'p90', 'p99', 'p99.9', 'max'];

/** Right-aligned text: the table aligns numbers alone. */
const right = (cells: readonly string[]): string[] => {
  const width = Math.max(...cells.map((cell) => cell.length));
  return cells.map((cell) => cell.padStart(width));
};

const quantiles = (figures: LatencyFigures | undefined): string[] =>
  figures === undefined
    ? ['-', '-', '-', '-', '-']
    : [figures.p50, figures.p90, figures.p99, figures.p999, figures.max].map(seconds);

const row = (name: string, figures: LoadFigures): string[] => [
  printable(name),
  countText(figures.sent),
  countText(figures.done),
  countText(figures.failed),
  rateText(figures.perSecond),
  ...quantiles(figures.latency),
];

function loadTable(rows: readonly string[][]): string {
  const columns = HEADER.map((title, column) => {
    const cells = [title, ...rows.map((cells) => cells[column] ?? '')];
    return column === 0 ? cells : right(cells);
  });
  const line = (index: number): Cell[] => columns.map((cells) => cells[index]);
  return table(
    line(0).map(String),
    rows.map((_, index) => line(index + 1)),
  );
}

function energy(result: LoadResult): string[] {
  const { energy: told, footprint } = result.total;
  return [
    ...(told
      ? [`energy    ${joules(told.joulesPerCall)} a call, as ${countText(told.calls)} answers told`]
      : []),
    ...(footprint
      ? [
          `footprint ${joules(footprint.joulesPerCall)} a call of ${countText(footprint.calls)}, all shares in it; ` +
            `${joules(footprint.totalJoules)} in all`,
        ]
      : []),
  ];
}

function generator({ generator: { lateness, cpuSecondsPerCall, connections } }: LoadResult): string {
  const late = lateness
    ? `calls sent ${seconds(lateness.p50)} after they were due (p99 ${seconds(lateness.p99)}, max ${seconds(lateness.max)}); `
    : '';
  const cost = cpuSecondsPerCall === undefined ? '' : `${seconds(cpuSecondsPerCall)} CPU a call; `;
  return `generator ${late}${cost}${countText(connections)} ${connections === 1 ? 'connection' : 'connections'}`;
}

/** How a load went, as a terminal shows it. */
export function loadText(result: LoadResult): string {
  const { functions, total } = result;
  const rows = functions.map((each) => row(each.name, each));
  if (functions.length > 1) rows.push(row('total', total));
  const service = total.service;
  return [
    loadTable(rows),
    '',
    ...(total.failed > 0 ? [`failed    ${failureText(total)}`] : []),
    ...(service
      ? [
          `service   ${seconds(service.p50)} p50, ${seconds(service.p99)} p99, ${seconds(service.max)} max, from sending instead of from when calls were due`,
        ]
      : []),
    `bytes     ${quantity(total.requestBytes, 'B')} sent, ${quantity(total.responseBytes, 'B')} received`,
    ...(total.cold > 0 ? [`cold      ${callsText(total.cold)} waited for a cold start`] : []),
    ...energy(result),
    generator(result),
    ...(total.unfinished > 0 ? [`unfinished ${callsText(total.unfinished)} under way at the end`] : []),
    ...result.findings.map((finding) => `note      ${printable(finding)}`),
  ].join('\n');
}
