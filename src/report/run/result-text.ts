import type { RunResult } from '../../model/index.js';

const LONGEST = 2000;

/** What a run returned, as text that fits a page; why it can't be had, otherwise. */
export function resultText(result: RunResult | undefined): string | undefined {
  if (result === undefined) return undefined;
  if ('absent' in result) return result.absent;
  const text = JSON.stringify(result.value, undefined, 2) ?? 'undefined';
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)} …`;
}
