import type { RunFigures } from '../../model/index.js';
import { absentMethods } from '../run/absent-methods.js';
import { failureGroups } from '../run/failure-groups.js';
import type { RunReportData } from '../run/run-report-data.js';
import {
  configurationWords,
  countWords,
  errorWords,
  limitWords,
  moment,
  originWords,
  overrideWords,
  statusWords,
} from '../run/run-words.js';
import { grams, joules, seconds } from '../terminal/figures.js';
import { lambdaModel, lambdaRemark } from '../terminal/lambda-estimate.js';
import { dollars } from '../terminal/money.js';
import { printable } from '../terminal/printable.js';
import { code, markdownTable } from './markdown-table.js';

/** Words of users may look like anything: nothing in them is a heading, a link or HTML. */
const plain = (text: string): string =>
  printable(text.replace(/\s+/g, ' ')).replace(/[\\`*_{}[\]<>#~&]/g, (sign) => `\\${sign}`);

const figures = (each: RunFigures): string[] => [
  String(each.invocations),
  seconds(each.wallSeconds),
  seconds(each.cpuSeconds),
  joules(each.joules),
  originWords(each) || '-',
  grams(each.carbonGrams),
  dollars(each.costUsd),
];

function stages({ run: { stages: all, totals } }: RunReportData): string {
  const rows = all.map((stage) => [
    plain(stage.name),
    configurationWords(stage.configuration),
    ...figures(stage),
  ]);
  const sum = totals === undefined ? [] : [['**the run**', '', ...figures(totals)]];
  const titles = ['stage', 'workers', 'invocations', 'wall', 'CPU', 'energy', 'by', 'CO2e', 'cost'];
  return markdownTable(titles, [...rows, ...sum]);
}

function given({ run }: RunReportData): string | undefined {
  const { parameters } = run;
  const asked = overrideWords(run);
  const parts = [
    ...(Object.keys(parameters).length > 0 ? [`Parameters: ${code(JSON.stringify(parameters))}`] : []),
    ...(asked === undefined ? [] : [`Asked for, instead of what the workflow says: ${plain(asked)}`]),
  ];
  return parts.length === 0 ? undefined : `${parts.join('. ')}.`;
}

function failures({ invocations }: RunReportData): string | undefined {
  const groups = failureGroups(invocations);
  if (groups.length === 0) return undefined;
  const rows = groups.map(({ stage, status, count, mended, cause = '-' }) => [
    plain(stage),
    statusWords(status),
    String(count),
    `${mended} of ${count}`,
    plain(cause),
  ]);
  return `## What went wrong\n\n${markdownTable(['stage', 'how', 'times', 'done in the end', 'cause'], rows)}`;
}

/** Of many sizes those that are the best by something. */
function onLambda({ lambda }: RunReportData): string | undefined {
  const best = lambda?.options.filter((option) => option.best.length > 0) ?? [];
  if (lambda === undefined || best.length === 0) return undefined;
  const rows = best.map((option) => [
    lambdaRemark(option),
    `${option.memoryMib} MiB, ${option.architecture}`,
    seconds(option.totalSeconds),
    dollars(option.costUsd),
    joules(option.joules),
    grams(option.carbonGrams),
  ]);
  const table = markdownTable(['which', 'size', 'time, summed', 'cost', 'energy', 'CO2e'], rows);
  return `## The same on AWS Lambda\n\n${table}\n\n${lambdaModel(lambda)}.`;
}

function places({ run: { platforms } }: RunReportData): string | undefined {
  if (platforms.length === 0) return undefined;
  const rows = platforms.map(({ hostname, cpu, cpuLimit, memoryLimit, operatingSystem, runtime }) => [
    plain(hostname),
    `${cpu.coresLogical} × ${plain(cpu.model === '' ? cpu.architecture : cpu.model)}`,
    `${plain(operatingSystem)}, ${plain(runtime)}`,
    plain(limitWords(cpuLimit)),
    plain(limitWords(memoryLimit)),
  ]);
  const titles = ['machine', 'processors', 'system', 'CPU limit', 'memory limit'];
  return `## Where it ran\n\n${markdownTable(titles, rows)}`;
}

function absences({ invocations }: RunReportData): string | undefined {
  const rows = absentMethods(invocations);
  if (rows.length === 0) return undefined;
  return `## What gave no figures\n\n${rows.map(({ name, reason }) => `- ${code(name)}: ${plain(reason)}`).join('\n')}`;
}

/** A run in short, to be put beside a change or into a wiki. */
export function runMarkdown(data: RunReportData): string {
  const { run } = data;
  const { totals, error } = run;
  const took =
    totals === undefined
      ? undefined
      : `${seconds(totals.wallSeconds)}, ${joules(totals.joules)}${originWords(totals) && ` (${originWords(totals)})`}, ${grams(totals.carbonGrams)} CO2e, ${dollars(totals.costUsd)}; ${countWords(totals)}.`;
  return `${[
    `# ${plain(run.workflow)}`,
    `Run ${code(run.id)}, ${run.status}, ${moment(run.startedAt)}.`,
    took,
    error && `> ${plain(errorWords(error))}`,
    given(data),
    stages(data),
    failures(data),
    onLambda(data),
    places(data),
    absences(data),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n')}\n`;
}
