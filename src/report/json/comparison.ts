import type { SetComparison } from '../../model/index.js';
import { configurationJson, differenceJson } from './difference.js';

/** The document that `wattloop compare --json` prints. A stage that is null is the whole workflow. */
export function comparisonJson({ labels, matched, unmatched, notes }: SetComparison): object {
  return {
    labels,
    matched: matched.map(({ stage, configuration, metric, difference }) => ({
      stage: stage || null,
      configuration: configurationJson(configuration),
      metric,
      ...differenceJson(difference),
    })),
    unmatched: unmatched.map(({ stage, configuration, metric, reason }) => ({
      stage: stage || null,
      configuration: configurationJson(configuration),
      metric: metric ?? null,
      reason,
    })),
    notes,
  };
}
