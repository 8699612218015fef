import type { Invocation, PhaseName } from '../../model/index.js';

/** What an invocation does at a time. What is not a phase is the platform's, before the first or after the last. */
export type Doing = PhaseName | 'failed' | 'other';

export interface PhaseSpan {
  readonly doing: Doing;
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** The phases of an invocation one after another; one that went wrong shows as such from the end of its last phase. */
export function phaseSpans({ phases, startedAt, endedAt, status }: Invocation): PhaseSpan[] {
  const spans: PhaseSpan[] = [];
  let from = startedAt;
  for (const { name, wallSeconds } of phases) {
    const to = from + wallSeconds;
    if (wallSeconds > 0) spans.push({ doing: name, from, to });
    from = to;
  }
  const end = Math.max(endedAt, from);
  if (end > from) spans.push({ doing: status === 'done' ? 'other' : 'failed', from, to: end });
  return spans;
}
