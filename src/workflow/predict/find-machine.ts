import { median } from '../../maths/index.js';
import { type Cell, cellFigure } from './cells.js';
import { fitLaw, lawValue } from './law.js';
import { type Machine, situationOf } from './situation.js';
import { LAW_TERMS, termValues } from './terms.js';

/** What is known of a machine; what is not is found. */
export interface MachineHint {
  readonly processors?: number;
  readonly memoryMib?: number;
  readonly sharing?: Machine['sharing'];
}

/** A machine with an end to it must explain the times better by this part: without need, none is assumed. */
const GAIN = 0.15;
/** Sizes that machines have. */
const SIZES = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128];
const LEAST_CELLS = 5;

/**
 * The machine that explains best where more workers no longer help. Given processors are believed; else sizes are tried
 * up to what the stage ever asked for at once: a larger machine would look the same.
 */
export function chooseMachine(cells: readonly Cell[], hint: MachineHint = {}): Machine {
  const memory = hint.memoryMib === undefined ? {} : { memoryMib: hint.memoryMib };
  const { processors, sharing = 'queue' } = hint;
  if (processors !== undefined) return { processors, ...memory, sharing };
  const endless: Machine = { ...memory, sharing };
  if (cells.length < LEAST_CELLS) return endless;
  const centres = cells.map((cell) => cellFigure(cell, ({ wallSeconds }) => wallSeconds)?.centre ?? 0);
  const asked = Math.max(...cells.map(({ point }) => point.cpu * point.workers));
  const tried = SIZES.filter((size) => size < asked).flatMap((size): Machine[] => [
    { processors: size, ...memory, sharing: 'queue' },
    { processors: size, ...memory, sharing: 'contention' },
  ]);
  let [best, least] = [endless, misfit(cells, centres, endless) * (1 - GAIN)];
  for (const machine of tried.filter((other) => hint.sharing === undefined || other.sharing === sharing)) {
    const own = misfit(cells, centres, machine);
    if (own < least) [best, least] = [machine, own];
  }
  return best;
}

/** The usual distance of the law of time from what was seen, in logarithms. */
function misfit(cells: readonly Cell[], centres: readonly number[], machine: Machine): number {
  const features = cells.map(({ point }) => termValues(LAW_TERMS.wallSeconds, situationOf(point, machine)));
  const variances = Float64Array.from(cells, ({ samples }) => 1 + 1 / samples.length);
  const { coefficients } = fitLaw(
    { features, values: Float64Array.from(centres, Math.exp), variances },
    undefined,
    3,
  );
  const left = centres.map((centre, i) =>
    Math.abs(centre - Math.log(lawValue(coefficients, features[i] ?? new Float64Array(0)))),
  );
  const square = left.reduce((sum, value) => sum + value ** 2, 0) / left.length;
  return (median(left) + Math.sqrt(square)) / 2;
}
