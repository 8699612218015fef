import { gaussLegendre, type Quadrature } from './quadrature.js';

const MAX_NODES = 16;
/** Beyond this many expected others the chance that none of them is there is below 1e-8. */
const CROWD = 20;

/**
 * How the energy that a machine draws while anyone at all runs (its load floor) is shared in one tick, as parts of 1.
 *
 * `presence` says which part of the tick each function ran. Within the tick nobody knows who ran beside whom; taken as
 * chance, the floor is drawn with probability 1 − Π(1 − p) over the functions there, and each one's Shapley value in that
 * game is p ∫ Π over the others (1 − q·p) dq. Functions that run all the time share evenly; one that is there for a
 * hundredth of the tick beside one that always is gets a two-hundredth. With nobody present for any time, those that were
 * there for none share evenly.
 */
export function presenceShares(
  presence: Float64Array,
  into: Float64Array = new Float64Array(presence.length),
): Float64Array {
  const count = presence.length;
  let [total, everyone] = [0, true];
  for (let i = 0; i < count; i++) {
    total += presence[i] ?? 0;
    everyone &&= presence[i] === 1;
  }
  if (!(total > 0) || everyone || count === 1) return into.fill(1 / count);
  const rule = gaussLegendre(Math.min(MAX_NODES, Math.ceil(count / 2)));
  const reach = Math.min(1, CROWD / total);
  const nobody = chancesOfNobody(presence, rule, reach);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const own = presence[i] ?? 0;
    let share = 0;
    for (let k = 0; k < nobody.length; k++) {
      share += (nobody[k] ?? 0) / (1 - reach * (rule.nodes[k] ?? 0) * own);
    }
    into[i] = own * share;
    sum += own * share;
  }
  for (let i = 0; i < count; i++) into[i] = (into[i] ?? 0) / sum;
  return into;
}

/** Π(1 − q·p) at each q of the rule, with the rule's weight. */
function chancesOfNobody(presence: Float64Array, rule: Quadrature, reach: number): Float64Array {
  return rule.nodes.map((node, k) => {
    const q = reach * node;
    let product = rule.weights[k] ?? 0;
    for (let i = 0; i < presence.length; i++) product *= 1 - q * (presence[i] ?? 0);
    return product;
  });
}

/** The part of a tick that a function ran, from the seconds of its invocations, which add up where they overlap. */
export const presenceOf = (seconds: number, tickSeconds: number): number =>
  Math.min(1, seconds / tickSeconds);
