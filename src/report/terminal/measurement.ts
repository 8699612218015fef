import type { Measurement, Statistics } from '../../meter/index.js';
import { grams, joules, mebibytes, percent, seconds } from './figures.js';
import { printable } from './printable.js';
import { table } from './table.js';

function spread(statistics: Statistics | undefined, write: (value: number | undefined) => string): string {
  if (statistics?.confidence95 === undefined) return '';
  return `  ± ${write(statistics.confidence95)} (95 %), sd ${write(statistics.standardDeviation)}`;
}

function share(part: number, whole: number): string {
  return whole > 0 ? percent(part / whole, 1) : '-';
}

function energyTable(measurement: Measurement): string {
  const repeated = measurement.repeats.length > 1;
  const rows = measurement.energy.map((energy) => [
    energy.source,
    energy.domain,
    joules(energy.nodeJoules),
    joules(energy.joules),
    share(energy.joules, energy.nodeJoules),
    joules(energy.idleJoules),
    ...(repeated
      ? [joules(energy.statistics?.standardDeviation), joules(energy.statistics?.confidence95)]
      : []),
    energy.provenance,
    percent(energy.uncertainty),
    energy.primary ? '*' : '',
  ]);
  const header = [
    'METHOD',
    'DOMAIN',
    'MACHINE',
    'OWN',
    'SHARE',
    'IDLE SHARE',
    ...(repeated ? ['SD', '±95 %'] : []),
    'PROVENANCE',
    '±',
    '',
  ];
  return table(header, rows);
}

const count = (value: number | undefined): string => (value === undefined ? '-' : value.toExponential(2));

function usageTable(measurement: Measurement): string {
  const rows = measurement.usages.map(({ source, usage }) => [
    source,
    seconds(usage.cpuSeconds),
    count(usage.instructions),
    count(usage.cycles),
    usage.contextSwitches === undefined ? '-' : String(Math.round(usage.contextSwitches)),
    mebibytes(usage.memoryPeakMib),
  ]);
  return table(['METHOD', 'CPU TIME', 'INSTRUCTIONS', 'CYCLES', 'SWITCHES', 'PEAK MEMORY'], rows);
}

function exitText({ exit, repeats, interrupted }: Measurement): string {
  const parts = [`${exit.code}${exit.signal ? ` (${exit.signal})` : ''}`];
  if (repeats.length > 1) {
    const failed = repeats.filter((run) => run.exit.code !== 0).length;
    const counted = repeats.filter((run) => !run.interrupted).length || repeats.length;
    parts.push(`mean of ${counted} runs`);
    if (failed > 0) parts.push(`${failed} of ${repeats.length} failed`);
  }
  if (interrupted) parts.push('interrupted');
  return parts.join(', ');
}

function energyLines(measurement: Measurement): string[] {
  const {
    joules: total,
    primary,
    primaryReason,
    carbonGrams,
    carbonIntensity,
    pue,
    statistics,
  } = measurement;
  if (total === undefined)
    return ['Energy        unknown: no source of energy works here ("wattloop doctor" says why)'];
  return [
    `Energy        ${joules(total)}${spread(statistics.joules, joules)}, own and idle share, by ${primary}: ${primaryReason}`,
    `Carbon        ${grams(carbonGrams)} CO2e at ${carbonIntensity} g CO2e/kWh${pue === 1 ? '' : `, PUE ${pue}`}`,
  ];
}

function notes(measurement: Measurement, wasAskedFor: boolean): string[] {
  const { idleUnknown, disagreements, outlived, absent } = measurement;
  const lines: string[] = [];
  if (idleUnknown) lines.push(`idle power unknown: ${idleUnknown}; OWN contains the share of idle`);
  for (const { a, b, domain, relative, joulesA, joulesB, warn } of disagreements) {
    if (warn)
      lines.push(
        `warning: ${a} (${joules(joulesA)}) and ${b} (${joules(joulesB)}) disagree by ${percent(relative)} on ${domain}`,
      );
  }
  for (const { pid, name } of outlived)
    lines.push(`still running when the command had ended: ${printable(name)} (pid ${pid})`);
  if (wasAskedFor) {
    for (const { name, reason, remedy } of absent) lines.push(`${name}: ${reason}. ${remedy}`);
  } else if (absent.length > 0) {
    const names = absent.map(({ name }) => name).join(', ');
    lines.push(`not available here: ${names} ("wattloop doctor" says why)`);
  }
  return lines;
}

/** What `wattloop measure` prints for people. Of methods that were asked for by name it says why they gave nothing. */
export function measurementText(measurement: Measurement, wasAskedFor = false): string {
  const { statistics } = measurement;
  const lines = [
    `Command       ${printable(measurement.command.join(' '))}`,
    `Exit          ${exitText(measurement)}`,
    `Wall time     ${seconds(measurement.wallSeconds)}${spread(statistics.wallSeconds, seconds)}`,
    `CPU time      ${seconds(measurement.cpuSeconds)}${spread(statistics.cpuSeconds, seconds)}`,
    `Peak memory   ${mebibytes(measurement.memoryPeakMib)}`,
    ...energyLines(measurement),
  ];
  if (measurement.energy.length > 0) lines.push('', energyTable(measurement));
  if (measurement.usages.length > 0) lines.push('', usageTable(measurement));
  const last = notes(measurement, wasAskedFor);
  if (last.length > 0) lines.push('', ...last);
  return `${lines.join('\n')}\n`;
}
