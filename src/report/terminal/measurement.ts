import type { Measurement, Statistics } from '../../meter/index.js';
import { grams, joules, mebibytes, percent, seconds } from './figures.js';
import { table } from './table.js';

function spread(statistics: Statistics | undefined, write: (value: number | undefined) => string): string {
  if (statistics?.confidence95 === undefined) return '';
  return `  ± ${write(statistics.confidence95)} (95 %), sd ${write(statistics.standardDeviation)}`;
}

function energyTable(measurement: Measurement): string {
  const repeated = measurement.repeats.length > 1;
  const rows = measurement.energy.map((energy) => [
    energy.source,
    energy.domain,
    joules(energy.nodeJoules),
    joules(energy.joules),
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
    'IDLE SHARE',
    ...(repeated ? ['SD', '±95 %'] : []),
    'PROVENANCE',
    '±',
    '',
  ];
  return table(header, rows);
}

function usageTable(measurement: Measurement): string {
  const rows = measurement.usages.map(({ source, usage }) => [
    source,
    seconds(usage.cpuSeconds),
    usage.instructions === undefined ? '-' : usage.instructions.toExponential(2),
    usage.cycles === undefined ? '-' : usage.cycles.toExponential(2),
    usage.contextSwitches === undefined ? '-' : String(Math.round(usage.contextSwitches)),
    mebibytes(usage.memoryPeakMib),
  ]);
  return table(['METHOD', 'CPU TIME', 'INSTRUCTIONS', 'CYCLES', 'SWITCHES', 'PEAK MEMORY'], rows);
}

/** What `wattloop measure` prints for people. */
export function measurementText(measurement: Measurement): string {
  const { statistics, repeats, exit } = measurement;
  const lines: string[] = [
    `Command       ${measurement.command.join(' ')}`,
    `Exit          ${exit.code}${exit.signal ? ` (${exit.signal})` : ''}${repeats.length > 1 ? `, mean of ${repeats.length} runs` : ''}${measurement.interrupted ? ', interrupted' : ''}`,
    `Wall time     ${seconds(measurement.wallSeconds)}${spread(statistics.wallSeconds, seconds)}`,
    `CPU time      ${seconds(measurement.cpuSeconds)}${spread(statistics.cpuSeconds, seconds)}`,
    `Peak memory   ${mebibytes(measurement.memoryPeakMib)}`,
  ];
  if (measurement.joules !== undefined) {
    const intensity = `${measurement.carbonIntensity} g CO2e/kWh`;
    lines.push(
      `Energy        ${joules(measurement.joules)}${spread(statistics.joules, joules)}, own and idle share, by ${measurement.primary}: ${measurement.primaryReason}`,
      `Carbon        ${grams(measurement.carbonGrams)} CO2e at ${intensity}`,
    );
  }
  if (measurement.energy.length > 0) lines.push('', energyTable(measurement));
  if (measurement.usages.length > 0) lines.push('', usageTable(measurement));
  const notes: string[] = [];
  if (measurement.idleUnknown)
    notes.push(`idle power unknown: ${measurement.idleUnknown}; OWN contains the share of idle`);
  for (const { a, b, domain, relative, joulesA, joulesB, warn } of measurement.disagreements) {
    if (warn)
      notes.push(
        `warning: ${a} (${joules(joulesA)}) and ${b} (${joules(joulesB)}) disagree by ${percent(relative)} on ${domain}`,
      );
  }
  for (const { pid, name } of measurement.outlived)
    notes.push(`still running after the command ended: ${name} (pid ${pid})`);
  const missing = measurement.absent.map(({ name }) => name);
  if (missing.length > 0)
    notes.push(`not available here: ${missing.join(', ')} ("wattloop doctor" says why)`);
  if (notes.length > 0) lines.push('', ...notes);
  return `${lines.join('\n')}\n`;
}
