import { type Markup, markup } from '../markup.js';
import { absentMethods } from '../run/absent-methods.js';
import { stageDurations } from '../run/durations.js';
import { stageEnergies } from '../run/energies.js';
import { failureGroups } from '../run/failure-groups.js';
import { resultText } from '../run/result-text.js';
import type { RunReportData } from '../run/run-report-data.js';
import { overrideWords } from '../run/run-words.js';
import { page } from './page.js';
import { concurrencyChart } from './run/concurrency.js';
import { durationsChart } from './run/durations-chart.js';
import { energySection } from './run/energy-section.js';
import { absentSection, failureSection, lambdaSection, platformSection } from './run/findings.js';
import { head } from './run/head.js';
import { powerSection } from './run/power-section.js';
import { stageTable } from './run/stage-table.js';
import { waterfall } from './run/waterfall.js';

function timeSection({ run, invocations }: RunReportData): Markup | undefined {
  const drawn = waterfall(run, invocations);
  if (drawn === undefined) return undefined;
  return markup`<section><h2>Invocations over time</h2>${drawn}<h3>At once</h3>${concurrencyChart(invocations)}</section>`;
}

function givenSection({ run }: RunReportData): Markup | undefined {
  const { parameters, result } = run;
  const text = resultText(result);
  const asked = overrideWords(run);
  const given = Object.keys(parameters).length > 0;
  if (text === undefined && asked === undefined && !given) return undefined;
  return markup`<section><h2>Parameters and result</h2>${
    given ? markup`<h3>Parameters</h3><pre>${JSON.stringify(parameters, undefined, 2)}</pre>` : undefined
  }${asked === undefined ? undefined : markup`<h3>Asked for, instead of what the workflow says</h3><p>${asked}</p>`}${text === undefined ? undefined : markup`<h3>Result</h3><pre>${text}</pre>`}</section>`;
}

/** A run as a page for a browser: one file that needs nothing else. */
export function runReport(data: RunReportData): string {
  const { run, invocations, power, lambda, version } = data;
  return page({
    title: `${run.workflow}: run ${run.id}`,
    header: head(run),
    content: [
      stageTable(run),
      timeSection(data),
      energySection(run, stageEnergies(run, invocations)),
      powerSection(power, run.startedAt),
      durationsChart(stageDurations(run, invocations)),
      failureSection(failureGroups(invocations)),
      lambdaSection(lambda),
      platformSection(run),
      absentSection(absentMethods(invocations)),
      givenSection(data),
    ],
    footer: markup`<p>Made by Wattloop${version === undefined ? '' : ` ${version}`}. Nothing in this page is loaded from elsewhere.</p>`,
  });
}
