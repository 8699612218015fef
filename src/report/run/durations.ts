import { quantileSorted, sorted } from '../../maths/index.js';
import type { Invocation, RunRecord } from '../../model/index.js';

/** How long the invocations of a stage took that were done. */
export interface StageDurations {
  readonly stage: string;
  readonly count: number;
  readonly least: number;
  readonly fifth: number;
  readonly quarter: number;
  readonly median: number;
  readonly threeQuarters: number;
  readonly ninetyFifth: number;
  readonly most: number;
}

/** By stage, in the order of the run. Stages of which none was done have no row. */
export function stageDurations(run: RunRecord, invocations: readonly Invocation[]): StageDurations[] {
  const times = new Map<string, number[]>(run.stages.map(({ name }) => [name, []]));
  for (const { function: stage, status, wallSeconds } of invocations) {
    if (status !== 'done') continue;
    const known = times.get(stage);
    if (known === undefined) times.set(stage, [wallSeconds]);
    else known.push(wallSeconds);
  }
  return [...times].flatMap(([stage, seconds]) => {
    if (seconds.length === 0) return [];
    const all = sorted(seconds);
    const at = (part: number): number => quantileSorted(all, part);
    return [
      {
        stage,
        count: all.length,
        least: at(0),
        fifth: at(0.05),
        quarter: at(0.25),
        median: at(0.5),
        threeQuarters: at(0.75),
        ninetyFifth: at(0.95),
        most: at(1),
      },
    ];
  });
}
