import {
  compare,
  keeps,
  neededAmounts,
  needsTime,
  objectiveOf,
  type Picks,
  type Problem,
} from './problem.js';
import { CANCELLATION, type Prices, priceOf } from './relaxation.js';

/** Picks for the stages so far, and all of it that matters for the rest. */
interface Label {
  /** When each stage that waits may start, and last when the stages that nobody waits for have ended. */
  readonly starts: readonly number[];
  /** Of the amounts that matter. */
  readonly amounts: readonly number[];
  readonly pick: number;
  readonly parent: Label | undefined;
}

export interface SearchResult {
  readonly picks?: Picks;
  /** Less than this no picks come to that the search did not look at; Infinity when it looked at all. */
  readonly unseen: number;
}

/** Labels of one step at most; beyond, the least promising are given up, and with them the proof. */
const MOST_LABELS = 60_000;

/** The frontier after each step: which stages wait for a start that is known in part. */
interface Step {
  readonly stage: number;
  /** Waiting stages after the step, by groups that begin together. */
  readonly groups: readonly (readonly number[])[];
  /** Where the stage's own start stands before the step; -1 when nothing held it back. */
  readonly place: number;
  /** By group after the step: its place before (-1 for none), and whether the stage's end moves it. */
  readonly moves: readonly { readonly from: number; readonly waits: boolean }[];
  readonly isLast: boolean;
}

/**
 * Goes from stage to stage and keeps, of all picks so far, those that no other beats in everything that matters later and
 * that the bounds do not rule out: exact, as what is dropped is never better than what stays.
 */
export function search(
  problem: Problem,
  allowed: readonly (readonly number[])[],
  prices: readonly Prices[],
  known: number,
  mostLabels = MOST_LABELS,
): SearchResult {
  const isTimed = needsTime(problem);
  const amounts = neededAmounts(problem);
  const steps = stepsOf(problem, isTimed);
  const bounds = steps.map((step, k) =>
    restBounds(problem, allowed, prices, steps, k, step, amounts, isTimed),
  );
  let labels: Label[] = [{ starts: [0], amounts: amounts.map(() => 0), pick: -1, parent: undefined }];
  let unseen = Number.POSITIVE_INFINITY;
  const cut = known === Number.POSITIVE_INFINITY ? known : known - 1e-12 * Math.abs(known);
  for (const [k, step] of steps.entries()) {
    const rest = bounds[k];
    const next: { label: Label; bound: number }[] = [];
    for (const label of labels)
      for (const place of allowed[step.stage] ?? []) {
        const grown = grow(problem, label, step, place, amounts, isTimed);
        const bound = rest?.(grown) ?? Number.NEGATIVE_INFINITY;
        if (bound < cut) next.push({ label: grown, bound });
      }
    const kept = undominated(next);
    if (kept.length > mostLabels) {
      kept.sort((a, b) => a.bound - b.bound);
      for (const { bound } of kept.splice(mostLabels)) unseen = Math.min(unseen, bound);
    }
    labels = kept.map(({ label }) => label);
  }
  let [best, value] = [undefined as Picks | undefined, known];
  for (const label of labels) {
    const picks = picksOf(label, steps);
    const own = objectiveOf(problem, picks);
    if (own < value) [best, value] = [picks, own];
  }
  return { ...(best && { picks: best }), unseen };
}

function picksOf(label: Label, steps: readonly Step[]): Picks {
  const picks: number[] = [];
  let at: Label | undefined = label;
  for (const { stage } of steps.toReversed()) {
    picks[stage] = at?.pick ?? -1;
    at = at?.parent;
  }
  return picks;
}

/** An order in which few stages wait at any time. */
function stepsOf({ graph: { before, after } }: Problem, isTimed: boolean): Step[] {
  const count = before.length;
  const done = new Set<number>();
  const steps: Step[] = [];
  /** Stages that begin when the same ones have ended wait together. */
  const groupsAfter = (stages: ReadonlySet<number>): number[][] => {
    if (!isTimed) return [];
    const groups = new Map<string, number[]>();
    for (let stage = 0; stage < count; stage++) {
      if (stages.has(stage)) continue;
      const ended = (before[stage] ?? []).filter((other) => stages.has(other));
      if (ended.length === 0) continue;
      const key = [...new Set(ended)].sort((a, b) => a - b).join();
      const group = groups.get(key);
      if (group) group.push(stage);
      else groups.set(key, [stage]);
    }
    return [...groups.values()];
  };
  let groups: readonly (readonly number[])[] = [];
  while (done.size < count) {
    const ready = [...Array(count).keys()].filter(
      (stage) => !done.has(stage) && (before[stage] ?? []).every((other) => done.has(other)),
    );
    const [best] = ready
      .map((stage) => ({ stage, next: groupsAfter(new Set([...done, stage])) }))
      .sort((a, b) => a.next.length - b.next.length || a.stage - b.stage);
    if (best === undefined) break;
    const { stage, next } = best;
    const placeOf = (waiting: number): number => groups.findIndex((group) => group.includes(waiting));
    const followers = new Set(after[stage] ?? []);
    steps.push({
      stage,
      groups: next,
      place: placeOf(stage),
      moves: next.map(([first = -1]) => ({ from: placeOf(first), waits: followers.has(first) })),
      isLast: followers.size === 0,
    });
    done.add(stage);
    groups = next;
  }
  return steps;
}

function grow(
  problem: Problem,
  label: Label,
  step: Step,
  place: number,
  needed: readonly number[],
  isTimed: boolean,
): Label {
  const option = problem.options[step.stage]?.[place];
  const amounts = needed.map((amount, k) => (label.amounts[k] ?? 0) + (option?.amounts[amount] ?? 0));
  if (!isTimed) return { starts: label.starts, amounts, pick: place, parent: label };
  const end = (step.place < 0 ? 0 : (label.starts[step.place] ?? 0)) + (option?.seconds ?? 0);
  const starts = step.moves.map(({ from, waits }) => {
    const start = from < 0 ? 0 : (label.starts[from] ?? 0);
    return waits ? Math.max(start, end) : start;
  });
  const ended = label.starts.at(-1) ?? 0;
  starts.push(step.isLast ? Math.max(ended, end) : ended);
  return { starts, amounts, pick: place, parent: label };
}

/** The least that a label can come to in the end; Infinity where it can't keep the limits. */
function restBounds(
  problem: Problem,
  allowed: readonly (readonly number[])[],
  prices: readonly Prices[],
  steps: readonly Step[],
  index: number,
  { groups }: Step,
  needed: readonly number[],
  isTimed: boolean,
): (label: Label) => number {
  const rest = steps.slice(index + 1).map(({ stage }) => stage);
  const done = new Set(steps.slice(0, index + 1).map(({ stage }) => stage));
  const optionsOf = (stage: number) =>
    (allowed[stage] ?? []).flatMap((place) => problem.options[stage]?.[place] ?? []);
  const leastOf = (
    stage: number,
    of: (option: { seconds: number; amounts: readonly number[] }) => number,
  ): number =>
    optionsOf(stage).reduce((least, option) => Math.min(least, of(option)), Number.POSITIVE_INFINITY);
  const leastRest = needed.map((amount) =>
    rest.reduce((sum, stage) => sum + leastOf(stage, ({ amounts }) => amounts[amount] ?? 0), 0),
  );
  // From the start of each stage to the end of all, at the quickest.
  const tails = new Map<number, number>();
  for (const stage of problem.graph.order.toReversed())
    tails.set(
      stage,
      leastOf(stage, ({ seconds }) => seconds) +
        (problem.graph.after[stage] ?? []).reduce((most, next) => Math.max(most, tails.get(next) ?? 0), 0),
    );
  const tailOf = groups.map((group) =>
    group.reduce((most, stage) => Math.max(most, tails.get(stage) ?? 0), 0),
  );
  // Stages that nothing holds back begin at 0.
  const freeTail = rest.reduce(
    (most, stage) =>
      (problem.graph.before[stage] ?? []).some((other) => done.has(other))
        ? most
        : Math.max(most, tails.get(stage) ?? 0),
    0,
  );
  const relaxed = prices.map((own) => ({
    amounts: needed.map((amount) => own.amounts[amount] ?? 0),
    starts: isTimed ? flowInto(problem, own, done, groups) : [],
    constant: rest.reduce(
      (sum, stage) => sum + leastOf(stage, (option) => priceOf(option, own, stage)),
      -own.worth * (1 + CANCELLATION),
    ),
  }));
  const { objective, deadline, limits } = problem;
  const objectivePlace = typeof objective === 'number' ? needed.indexOf(objective) : -1;

  return ({ starts, amounts }) => {
    for (const [k, amount] of needed.entries())
      if (!keeps((amounts[k] ?? 0) + (leastRest[k] ?? 0), limits[amount] ?? Number.POSITIVE_INFINITY))
        return Number.POSITIVE_INFINITY;
    let bound = objectivePlace < 0 ? 0 : (amounts[objectivePlace] ?? 0) + (leastRest[objectivePlace] ?? 0);
    if (isTimed) {
      let end = Math.max(freeTail, starts.at(-1) ?? 0);
      for (let k = 0; k < tailOf.length; k++) end = Math.max(end, (starts[k] ?? 0) + (tailOf[k] ?? 0));
      if (!keeps(end, deadline)) return Number.POSITIVE_INFINITY;
      if (objective === 'time') bound = end;
    }
    for (const { amounts: each, starts: flow, constant } of relaxed) {
      let sum = constant;
      for (let k = 0; k < each.length; k++) sum += (each[k] ?? 0) * (amounts[k] ?? 0);
      for (let k = 0; k < flow.length; k++) sum += (flow[k] ?? 0) * (starts[k] ?? 0);
      if (sum > bound) bound = sum;
    }
    return bound;
  };
}

/** What of the flow goes from stages that are done into each group that waits, and last what has left altogether. */
function flowInto(
  { graph: { after } }: Problem,
  { onward }: Prices,
  done: ReadonlySet<number>,
  groups: readonly (readonly number[])[],
): number[] {
  const flow = new Array<number>(groups.length + 1).fill(0);
  for (const stage of done) {
    const row = onward[stage];
    const next = after[stage] ?? [];
    for (const [k, follower] of next.entries()) {
      if (done.has(follower)) continue;
      const place = groups.findIndex((group) => group.includes(follower));
      flow[place] = (flow[place] ?? 0) + (row?.[k] ?? 0);
    }
    flow[groups.length] = (flow[groups.length] ?? 0) + (row?.[next.length] ?? 0);
  }
  return flow;
}

/** Those that no other is at most as large as in everything. */
function undominated(all: { label: Label; bound: number }[]): { label: Label; bound: number }[] {
  const keyed = all.map((entry) => ({ entry, key: [...entry.label.amounts, ...entry.label.starts] }));
  keyed.sort((a, b) => compare(a.key, b.key));
  const width = keyed[0]?.key.length ?? 0;
  const kept: typeof keyed = [];
  // In order of the first figure each is at least as large as those before it: the others decide.
  let least = Number.POSITIVE_INFINITY;
  for (const one of keyed) {
    if (width <= 2) {
      const second = one.key[1] ?? 0;
      if (kept.length > 0 && second >= least) continue;
      least = second;
    } else if (isDominated(kept, one.key)) continue;
    kept.push(one);
  }
  return kept.map(({ entry }) => entry);
}

function isDominated(kept: readonly { readonly key: readonly number[] }[], key: readonly number[]): boolean {
  // The latest kept are the most alike.
  for (let i = kept.length - 1; i >= 0; i--) {
    const other = kept[i]?.key ?? [];
    let k = 1;
    while (k < key.length && (other[k] ?? 0) <= (key[k] ?? 0)) k++;
    if (k === key.length) return true;
  }
  return false;
}
