import type { LambdaEstimate, RunRecord } from '../../../model/index.js';
import { type Markup, markup } from '../../markup.js';
import type { AbsentRow } from '../../run/absent-methods.js';
import type { FailureGroup } from '../../run/failure-groups.js';
import { limitWords, statusWords } from '../../run/run-words.js';
import { grams, joules, mebibytes, seconds } from '../../terminal/figures.js';
import { lambdaModel, lambdaRemark } from '../../terminal/lambda-estimate.js';
import { dollars } from '../../terminal/money.js';
import { htmlTable } from '../html-table.js';

/** What went wrong, with its causes. */
export function failureSection(groups: readonly FailureGroup[]): Markup | undefined {
  if (groups.length === 0) return undefined;
  return markup`<section><h2>What went wrong</h2>${htmlTable(
    'Attempts that did not end well, alike ones together',
    [
      { title: 'stage' },
      { title: 'how', kind: 'text' },
      { title: 'times' },
      { title: 'done in the end' },
      { title: 'cause', kind: 'long' },
      { title: 'partition/attempt', kind: 'long' },
      { title: 'log', kind: 'long' },
    ],
    groups.map(({ stage, status, count, mended, cause, examples, log }) => [
      stage,
      statusWords(status),
      count,
      `${mended} of ${count}`,
      cause ?? '-',
      `${examples.join(', ')}${count > examples.length ? ' …' : ''}`,
      log ?? '-',
    ]),
  )}</section>`;
}

/** Where it ran, and how its limits were kept. */
export function platformSection({ platforms }: RunRecord): Markup | undefined {
  if (platforms.length === 0) return undefined;
  return markup`<section><h2>Where it ran</h2>${htmlTable(
    'Machines, and how limits were kept',
    [
      { title: 'machine' },
      { title: 'processor', kind: 'long' },
      { title: 'cores' },
      { title: 'memory' },
      { title: 'system', kind: 'long' },
      { title: 'CPU limit', kind: 'long' },
      { title: 'memory limit', kind: 'long' },
    ],
    platforms.map(({ hostname, backend, cpu, memoryMib, operatingSystem, kernel, runtime, ...rest }) => [
      markup`${hostname}<span class="remark">${backend}${rest.virtualization === undefined ? '' : `, ${rest.virtualization}`}</span>`,
      `${cpu.model === '' ? 'unknown' : cpu.model} (${cpu.architecture})`,
      `${cpu.coresPhysical} / ${cpu.coresLogical}`,
      mebibytes(memoryMib),
      `${operatingSystem}, Linux ${kernel}, ${runtime}`,
      limitWords(rest.cpuLimit),
      limitWords(rest.memoryLimit),
    ]),
  )}</section>`;
}

/** What gave no figures, and why. */
export function absentSection(rows: readonly AbsentRow[]): Markup | undefined {
  if (rows.length === 0) return undefined;
  return markup`<section><h2>What gave no figures</h2>${htmlTable(
    'Methods that do not work there, and why',
    [{ title: 'method' }, { title: 'why', kind: 'long' }, { title: 'invocations' }],
    rows.map(({ name, reason, invocations }) => [name, reason, invocations]),
  )}<p class="note">wattloop doctor says what would enable them.</p></section>`;
}

/** The same work on AWS Lambda. */
export function lambdaSection(estimate: LambdaEstimate | undefined): Markup | undefined {
  if (estimate === undefined || estimate.invocations === 0) return undefined;
  return markup`<section><h2>The same on AWS Lambda</h2><p class="note">An estimate. Times are summed over ${estimate.invocations} invocations; longest is one invocation’s.</p>${htmlTable(
    'By memory and kind of processor, cheapest first',
    [
      { title: 'memory' },
      { title: 'architecture', kind: 'text' },
      { title: 'vCPUs' },
      { title: 'time' },
      { title: 'longest' },
      { title: 'cost' },
      { title: 'energy' },
      { title: 'CO2e' },
      { title: '', kind: 'text' },
    ],
    estimate.options.map((option) => [
      `${option.memoryMib} MiB`,
      option.architecture,
      option.vcpus.toFixed(2),
      seconds(option.totalSeconds),
      seconds(option.longestSeconds),
      dollars(option.costUsd),
      joules(option.joules),
      grams(option.carbonGrams),
      option.impossible === undefined && option.best.length > 0
        ? markup`<span class="badge">${lambdaRemark(option)}</span>`
        : lambdaRemark(option),
    ]),
  )}<p class="note">${lambdaModel(estimate)}. Assumed: ${estimate.assumptions.join('; ')}.</p></section>`;
}
