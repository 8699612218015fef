import { activityOf, entriesOf, isActive } from './activity.js';
import { DEFAULT_SHARE_WINDOW_SECONDS, type FairShareOptions } from './fair-shares.js';
import {
  anyoneGame,
  type CoalitionValue,
  floorGame,
  invocationsGame,
  sumOfGames,
  workGame,
} from './games.js';
import { presenceOf } from './presence.js';
import { isMeasured, type TickEnergies } from './tick-energies.js';

/**
 * What any group of functions would have caused of a trace's energy, by the rules of the account: the game whose Shapley value
 * `fairShares` computes. To check it by enumeration, or to see what other rules would give.
 */
export function accountGame(energies: TickEnergies, options: FairShareOptions = {}): CoalitionValue {
  const { rows } = energies;
  const activity = activityOf(rows, options.windowSeconds ?? DEFAULT_SHARE_WINDOW_SECONDS);
  const games: CoalitionValue[] = [];
  const control = energies.controlPlaneJoules.slice();
  for (let tick = 0; tick < rows.count; tick++) {
    if (!isMeasured(energies, tick)) continue;
    const [from, to] = entriesOf(rows, tick, tick + 1);
    const work = new Float64Array(rows.functionCount);
    const there = new Float64Array(rows.functionCount);
    const presence = new Float64Array(rows.functionCount);
    for (let entry = from; entry < to; entry++) {
      const who = rows.column[entry] ?? 0;
      const joules = energies.workJoules[entry] ?? 0;
      if (who >= rows.functionCount) control[tick] = (control[tick] ?? 0) + joules;
      else {
        work[who] = joules;
        presence[who] = presenceOf(rows.seconds[entry] ?? 0, rows.tickSeconds);
        there[who] = Number(isActive(rows, entry));
      }
    }
    const floorJoules = energies.floorJoules[tick] ?? 0;
    const ran = presence.some((part) => part > 0);
    games.push(workGame(work), ran ? floorGame(floorJoules, presence) : anyoneGame(floorJoules, there));
  }
  for (let window = 0; window < activity.windows; window++) {
    const active = new Float64Array(rows.functionCount);
    const invocations = new Float64Array(rows.functionCount);
    for (let at = activity.windowStart[window] ?? 0; at < (activity.windowStart[window + 1] ?? 0); at++) {
      const who = activity.functionIndex[at] ?? 0;
      active[who] = 1;
      invocations[who] = activity.invocations[at] ?? 0;
    }
    const [first, end] = [window * activity.ticksPerWindow, (window + 1) * activity.ticksPerWindow];
    let [idleJoules, controlJoules] = [0, 0];
    for (let tick = first; tick < Math.min(end, rows.count); tick++) {
      if (!isMeasured(energies, tick)) continue;
      idleJoules += energies.idleJoules[tick] ?? 0;
      controlJoules += control[tick] ?? 0;
    }
    const invoked = invocations.some((count) => count > 0);
    games.push(
      anyoneGame(idleJoules, active),
      invoked ? invocationsGame(controlJoules, invocations) : anyoneGame(controlJoules, active),
    );
  }
  return sumOfGames(...games);
}
