import type { Finding } from '../account.js';
import type { RowsReport } from './rows-report.js';

const WHAT: readonly (readonly [keyof RowsReport, string])[] = [
  ['invalid', 'have a time that is none, or end before they start: left out'],
  ['outside', 'lie outside the time that power is known for'],
  ['neverEnding', 'had not ended when the record did: they count up to its end'],
  ['zeroLength', 'took no measurable time: they count as invocations without work'],
];

/** What a reader of the account should know of the invocations. */
export const rowFindings = (report: RowsReport): Finding[] =>
  WHAT.filter(([name]) => report[name] > 0).map(([name, what]) => ({
    code: `invocations-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    message: `${report[name]} of ${report.invocations} invocations ${what}`,
    count: report[name],
  }));
