import type { Knowledge } from '../../knowledge/index.js';
import type { RunRecord, Settings } from '../../model/index.js';
import { runMarkdown, runReport } from '../../report/index.js';
import { lambdaEstimate, lambdaWorkOf } from '../../workflow/index.js';
import type { ReportKind } from '../report-file.js';
import { packageVersion } from '../version.js';

/** A report on a run, from what is kept of it. */
export function runReportText(
  run: RunRecord,
  knowledge: Knowledge,
  { carbon }: Settings,
  kind: ReportKind,
): string {
  const invocations = [...knowledge.invocations(run.id)];
  const finished = invocations.filter(({ status }) => status === 'done');
  const data = {
    run,
    invocations,
    version: packageVersion(),
    ...(finished.length > 0 && { lambda: lambdaEstimate(finished.map(lambdaWorkOf), { carbon }) }),
  };
  return kind === 'md' ? runMarkdown(data) : runReport(data);
}
