import type { ConstraintName, GivenUp, MetricName } from '../../model/index.js';
import type { StageCandidates } from './candidates.js';
import { CONSTRAINT_TEXT, inUnits, LIMITED } from './figures.js';
import { keeps, type Picks, type Problem } from './problem.js';

export interface Judged {
  readonly problem: Problem;
  readonly objective: MetricName;
  readonly limits: readonly { readonly name: ConstraintName; readonly limit: number }[];
  /** What picks come to in something. */
  readonly of: (picks: Picks, what: MetricName) => number;
}

const SHOWN = 3;

/** The nearest rivals of a stage's choice: what each would change if the other stages stayed as they are. */
export function givenUp(judged: Judged, picks: Picks, stage: number, candidates: StageCandidates): GivenUp[] {
  const { objective, of } = judged;
  const now = of(picks, objective);
  const rivals = [...candidates.predictions.keys()]
    .filter((place) => place !== picks[stage])
    .map((place) => {
      const changed = picks.with(stage, place);
      return { place, changed, difference: of(changed, objective) - now };
    })
    .sort((a, b) => a.difference - b.difference || a.place - b.place);
  // What would be better but breaks a limit tells what the limit costs; beside it, the next best that keeps all.
  const better = rivals.filter(({ difference }) => difference < 0).slice(0, 1);
  const others = rivals.filter((rival) => !better.includes(rival) && rival.difference >= 0);
  return [...better, ...others].slice(0, SHOWN).flatMap(({ place, changed, difference }): GivenUp[] => {
    const prediction = candidates.predictions[place];
    if (prediction === undefined) return [];
    const { configuration, wallSeconds, joules, carbonGrams, costUsd } = prediction;
    return [
      {
        configuration,
        wallSeconds: wallSeconds.mean,
        ...(joules && { joules: joules.mean }),
        ...(carbonGrams && { carbonGrams: carbonGrams.mean }),
        ...(costUsd && { costUsd: costUsd.mean }),
        reason: reasonOf(judged, changed, difference),
      },
    ];
  });
}

function reasonOf({ objective, limits, of }: Judged, changed: Picks, difference: number): string {
  const broken = limits.flatMap(({ name, limit }) => {
    const value = of(changed, LIMITED[name]);
    return keeps(value, limit)
      ? []
      : [`goes beyond ${CONSTRAINT_TEXT[name]} by ${inUnits(LIMITED[name], value - limit)}`];
  });
  const size = inUnits(objective, Math.abs(difference));
  const change = difference > 0 ? `${size} more` : difference < 0 ? `${size} less` : `no less ${objective}`;
  return broken.length > 0 ? `${change}, but ${broken.join(' and ')}` : change;
}
