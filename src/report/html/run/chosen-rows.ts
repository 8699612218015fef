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

/** Of those that went wrong so many are shown, however few they are: they are what is looked for. */
const BAD_AT_LEAST = 3;

/**
 * Invocations to draw, by stage and in the order in which they began: all, or some of each stage, in proportion, those that
 * went wrong among them.
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
    const bad = all.filter(({ status }) => status !== 'done');
    const good = all.filter(({ status }) => status === 'done');
    const badRoom = Math.min(room, Math.max(BAD_AT_LEAST, Math.round((room * bad.length) / all.length)));
    const shown = all.length <= room ? all : [...evenly(bad, badRoom)];
    if (shown !== all) shown.push(...evenly(good, room - shown.length));
    const chosen = [...shown].sort((a, b) => a.startedAt - b.startedAt || a.partition - b.partition);
    return chosen.length === 0 ? [] : [{ stage, invocations: chosen }];
  });
}
