import { CompensatedSums } from './compensated-sum.js';

/** Who is in a group of players: 1 at the place of each member, 0 at the others'. */
export type Coalition = ArrayLike<number>;

/** A game: what a group of players would cause had it been alone. It must not keep the coalition, which is written over. */
export type CoalitionValue = (coalition: Coalition) => number;

/** Own work: each player causes its own, whoever else is there. */
export function workGame(joules: ArrayLike<number>): CoalitionValue {
  return (coalition) => {
    const sum = new CompensatedSums(1);
    for (let i = 0; i < joules.length; i++) if (coalition[i] === 1) sum.add(0, joules[i] ?? 0);
    return sum.at(0);
  };
}

/** All of it as soon as one of those who count is there: idle, embodied emissions, and a floor under functions that run throughout. */
export function anyoneGame(joules: number, counts: ArrayLike<number>): CoalitionValue {
  return (coalition) => {
    for (let i = 0; i < counts.length; i++) if (coalition[i] === 1 && (counts[i] ?? 0) > 0) return joules;
    return 0;
  };
}

/** The load floor of a tick: drawn while anyone runs, where `presence` says for which part of the tick each one does. */
export function floorGame(joules: number, presence: ArrayLike<number>): CoalitionValue {
  // By logarithms: presences of a millionth keep all their digits.
  const chance = (isIn: (i: number) => boolean): number => {
    let nobody = 0;
    for (let i = 0; i < presence.length; i++) if (isIn(i)) nobody += Math.log1p(-(presence[i] ?? 0));
    return -Math.expm1(nobody);
  };
  const everyone = chance(() => true);
  return (coalition) => (everyone > 0 ? (joules * chance((i) => coalition[i] === 1)) / everyone : 0);
}

/** The control plane: works as often as it is asked. */
export function invocationsGame(joules: number, invocations: ArrayLike<number>): CoalitionValue {
  let total = 0;
  for (let i = 0; i < invocations.length; i++) total += invocations[i] ?? 0;
  return (coalition) => {
    let asked = 0;
    for (let i = 0; i < invocations.length; i++) if (coalition[i] === 1) asked += invocations[i] ?? 0;
    return total > 0 ? (joules * asked) / total : 0;
  };
}

/** Power that depends on the sum of loads alone, by any curve: work, floor and how a full machine's power flattens, in one. */
export function curveGame(loads: ArrayLike<number>, curve: (load: number) => number): CoalitionValue {
  return (coalition) => {
    let load = 0;
    for (let i = 0; i < loads.length; i++) if (coalition[i] === 1) load += loads[i] ?? 0;
    return curve(load);
  };
}

/** Several games played at once. The Shapley value of the sum is the sum of theirs. */
export function sumOfGames(...games: readonly CoalitionValue[]): CoalitionValue {
  return (coalition) => games.reduce((sum, value) => sum + value(coalition), 0);
}
