import type { Invocation, RunRecord } from '../../../model/index.js';

/** At most so many of all, evenly; all where there are no more. */
function evenly<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)]).filter(
    (item): item is T => item !== undefined,
  );
}

export interface ChosenStage {
  readonly stage: string;
  readonly invocations: readonly Invocation[];
}

/**
 * Invocations to draw, by stage and in the order in which they began: all, or some of each stage, in proportion. A quarter
 * of the room at most goes to those that went wrong, which are few and are looked for.
 */
export function chosenRows(
  run: RunRecord,
  invocations: readonly Invocation[],
  most: number,
): readonly ChosenStage[] {
  const byStage = new Map<string, Invocation[]>(run.stages.map(({ name }) => [name, []]));
  for (const invocation of invocations) {
    const known = byStage.get(invocation.function);
    if (known === undefined) byStage.set(invocation.function, [invocation]);
    else known.push(invocation);
  }
  return [...byStage].flatMap(([stage, all]) => {
    if (all.length === 0) return [];
    const room = Math.max(1, Math.floor((most * all.length) / invocations.length));
    const bad = evenly(
      all.filter(({ status }) => status !== 'done'),
      all.length <= room ? all.length : Math.ceil(room / 4),
    );
    const good = evenly(
      all.filter(({ status }) => status === 'done'),
      Math.max(0, room - bad.length),
    );
    const chosen = [...bad, ...good].sort((a, b) => a.startedAt - b.startedAt || a.partition - b.partition);
    return chosen.length === 0 ? [] : [{ stage, invocations: chosen }];
  });
}
