import type { Invocation, InvocationStatus } from '../../model/index.js';

/** Invocations of a stage that went wrong in the same way. */
export interface FailureGroup {
  readonly stage: string;
  readonly status: InvocationStatus;
  /** Absent where nobody knows, as of a cancelled one. */
  readonly cause?: string;
  readonly count: number;
  /** The first few, as `partition/attempt`. */
  readonly examples: readonly string[];
  /** The log of the first that has one. */
  readonly log?: string;
  /** Of how many of them the partition was done in the end. */
  readonly mended: number;
}

const EXAMPLES_AT_MOST = 6;

const partitionOf = ({ function: stage, partition }: Invocation): string => `${partition} ${stage}`;

/** What went wrong, the most frequent first. A copy that was stopped because another was quicker is no failure. */
export function failureGroups(invocations: readonly Invocation[]): FailureGroup[] {
  const done = new Set(invocations.filter(({ status }) => status === 'done').map(partitionOf));
  const groups = new Map<string, FailureGroup>();
  for (const invocation of invocations) {
    const { function: stage, status, error, log, partition, attempt } = invocation;
    const isDone = done.has(partitionOf(invocation));
    if (status === 'done' || (status === 'cancelled' && isDone)) continue;
    const cause = error === undefined ? undefined : `${error.name}: ${error.message}`;
    const key = `${stage}\n${status}\n${cause ?? ''}`;
    const before = groups.get(key);
    const examples = before?.examples ?? [];
    const kept = before?.log ?? log;
    groups.set(key, {
      stage,
      status,
      ...(cause !== undefined && { cause }),
      count: (before?.count ?? 0) + 1,
      examples: examples.length < EXAMPLES_AT_MOST ? [...examples, `${partition}/${attempt}`] : examples,
      ...(kept !== undefined && { log: kept }),
      mended: (before?.mended ?? 0) + Number(isDone),
    });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
