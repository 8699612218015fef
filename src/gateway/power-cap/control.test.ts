import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../base/index.js';
import { seededRandom } from '../../maths/index.js';
import { PowerCap } from './power-cap.js';
import type { CappedCall } from './ticket.js';

interface Plant {
  /** What a call really draws, as a multiple of what the cap is told. */
  readonly factor: number;
  /** What is drawn whenever anything runs. */
  readonly floorWatts: number;
  /** Somebody else's work, from the hundredth second on. */
  readonly otherWatts: number;
  /** How late power is told. */
  readonly lagSeconds: number;
  readonly noiseWatts: number;
}

const CAP = 120;
const IDLE = 30;
const TOLD = 2;
const SECONDS = 400;
const PER_SECOND = 4;

/** A machine that has more to do than the cap allows: its true power second by second, and calls that ran. */
function run(plant: Plant): { watts: number[]; running: number[] } {
  const clock = new ManualClock();
  const random = seededRandom(1);
  const cap = new PowerCap({ capWatts: CAP, clock, cpus: 16, idleWatts: IDLE, setTimer: () => () => {} });
  const call: CappedCall = { function: 'a', priority: 0, deadline: Number.POSITIVE_INFINITY };
  const functions = [{ function: 'a', wattsPerCall: TOLD, joulesPerCall: TOLD, meanSeconds: 1 }];
  let ends: number[] = [];
  const admit = (): void => {
    const begin = (): void => void ends.push(clock.now() + 0.2 + 1.6 * random.uniform());
    const admission = cap.admit(call);
    if (admission === 'now') begin();
    else admission.whenSettled(begin);
  };
  const [watts, running]: [number[], number[]] = [[], []];
  cap.update({ at: 0, seconds: 1, watts: IDLE, idleWatts: IDLE, busyCpus: 0, rate: undefined, functions });
  for (let second = 0; second < SECONDS; second++) {
    let joules = 0;
    let count = 0;
    for (let part = 0; part < PER_SECOND; part++) {
      while (cap.report().waiting < 50) admit();
      const power =
        IDLE +
        (ends.length > 0 ? plant.floorWatts : 0) +
        (second >= 100 ? plant.otherWatts : 0) +
        plant.factor * TOLD * ends.length;
      joules += power / PER_SECOND;
      count += ends.length / PER_SECOND;
      clock.advance(1 / PER_SECOND);
      const over = ends.filter((end) => end <= clock.now());
      ends = ends.filter((end) => end > clock.now());
      for (const _ of over) cap.ended(call);
    }
    watts.push(joules);
    running.push(count);
    const seen = watts.at(-1 - plant.lagSeconds) ?? IDLE;
    cap.update({
      at: second,
      seconds: 1,
      watts: seen + plant.noiseWatts * random.normal(),
      idleWatts: IDLE,
      busyCpus: undefined,
      rate: undefined,
      functions,
    });
  }
  return { watts, running };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const RIGHT: Plant = { factor: 1, floorWatts: 0, otherWatts: 0, lagSeconds: 0, noiseWatts: 1 };

describe('a cap over functions whose powers are told', () => {
  it.each<[string, Partial<Plant>]>([
    ['rightly', {}],
    ['too low by half', { factor: 2 }],
    ['too low by two thirds', { factor: 3 }],
    ['too high by twice', { factor: 0.5 }],
    ['without the floor of the machine', { floorWatts: 25 }],
    ['without the work of others', { otherWatts: 40 }],
    ['rightly, and power comes two seconds late', { lagSeconds: 2 }],
    ['too low, and power comes two seconds late', { factor: 2, lagSeconds: 2 }],
    ['too low, and power comes four seconds late', { factor: 1.5, lagSeconds: 4 }],
    ['too low, and power is noisy', { factor: 2, noiseWatts: 8 }],
  ])('%s is kept after a while, made use of, and does not swing', (_, changes) => {
    const plant = { ...RIGHT, ...changes };
    const { watts, running } = run(plant);
    // A model that is wrong is found out within some ticks and the calls that then run.
    for (const begin of [15, 130]) {
      const settled = watts.slice(begin, begin === 15 ? 100 : undefined);
      expect(meanOf(settled)).toBeLessThanOrEqual(CAP);
      const above = settled.filter((each) => each > CAP + 0.02 * CAP).length;
      expect(above / settled.length).toBeLessThan(0.05);
    }
    const late = watts.slice(250);
    // Of what calls may draw, most is used.
    expect(meanOf(late) - IDLE).toBeGreaterThan(0.8 * (CAP - IDLE));
    const mean = meanOf(running.slice(250));
    const deviation = Math.sqrt(meanOf(running.slice(250).map((count) => (count - mean) ** 2)));
    expect(deviation / mean).toBeLessThan(0.12);
  });
});
