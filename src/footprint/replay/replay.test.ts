import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import type { Trace } from '../../model/index.js';
import { attribute } from '../attribute.js';
import { OnlineAccount } from '../online/online-account.js';
import { RowAccumulator } from '../rows/row-accumulator.js';
import { imbalance, plainMachine } from '../testing/plain-machine.js';

const { trace } = plainMachine({
  functions: [
    { name: 'quick', rate: 1, seconds: 0.3, cpus: 0.8 },
    { name: 'long', rate: 0.02, seconds: 25, cpus: 0.4 },
    { name: 'many', rate: 0.3, seconds: 2, cpus: 1.5 },
  ],
  seconds: 600,
  late: 0,
});
const SECONDS = trace.power.t.at(-1) ?? 0;
const UPDATE = 60;

/** The account as a gateway keeps it: calls are told as they begin and end, windows are given out every minute. */
function live({ power, invocations, usage }: Trace, idleWatts: number) {
  const accumulator = new RowAccumulator({ start: 0, tickSeconds: 1 });
  const online = new OnlineAccount();
  const events = Array.from(invocations.start, (start, k) => {
    const name = invocations.functions[invocations.functionIndex[k] ?? 0] ?? '';
    return [
      { at: start, tell: () => accumulator.begin(name, start, k) },
      { at: invocations.end[k] ?? 0, tell: () => accumulator.finish(k, invocations.end[k] ?? 0) },
    ];
  })
    .flat()
    .sort((a, b) => a.at - b.at);
  const joules = new Map<string, number>();
  const idle = new Map<string, number>();
  let next = 0;
  for (let from = 0; from < SECONDS; from += UPDATE) {
    const to = Math.min(SECONDS, from + UPDATE);
    const ticks = to - from;
    for (; (events[next]?.at ?? Number.POSITIVE_INFINITY) < to; next++) events[next]?.tell();
    const rows = accumulator.take(to);
    const within = (t: number): boolean => t > from + 0.5 && t < to + 0.5;
    const cpuSeconds = new Map(rows.columns.map((name) => [name, new Float64Array(ticks)]));
    usage?.principals.forEach((principal, index) => {
      const own = cpuSeconds.get(principal.slice('fn:'.length));
      usage.t.forEach((t, row) => {
        if (own && within(t) && usage.principalIndex[row] === index)
          own[Math.round(t) - from - 1] = usage.cpuSeconds[row] ?? 0;
      });
    });
    const watts = new Float64Array(ticks).fill(Number.NaN);
    power.t.forEach((t, row) => {
      if (within(t)) watts[Math.round(t) - from - 1] = power.systemWatts[row] ?? Number.NaN;
    });
    const account = online.advance({
      rows,
      watts,
      cpuSeconds,
      idleWatts: new Float64Array(ticks).fill(idleWatts),
      gramsPerKilowattHour: 400,
    });
    for (const { function: name, individualJoules, idleJoules } of account.functions) {
      joules.set(name, (joules.get(name) ?? 0) + individualJoules);
      idle.set(name, (idle.get(name) ?? 0) + idleJoules);
    }
  }
  return { joules, idle };
}

describe('the online mode', () => {
  test('gives what the live account gave, to within a hundredth', () => {
    const account = attribute(trace, { mode: 'online', idleWatts: 30 });
    const { joules, idle } = live(trace, 30);
    expect(account.functions.map(({ name }) => name)).toEqual(['quick', 'long', 'many']);
    for (const { name, invocations, individualJoules, idleJoules } of account.functions) {
      expect(Math.abs((individualJoules * invocations) / (joules.get(name) ?? 0) - 1)).toBeLessThan(0.01);
      expect(Math.abs((idleJoules * invocations) / (idle.get(name) ?? 0) - 1)).toBeLessThan(0.01);
    }
    expect(imbalance(account.shares)).toBeLessThan(1e-9);
  });

  test('knows nothing of what comes: what was before stays as it is', () => {
    const { invocations } = trace;
    const cut = Array.from(invocations.start.keys()).filter((k) => (invocations.start[k] ?? 0) < 300);
    const half: Trace = {
      ...trace,
      invocations: {
        ...invocations,
        functionIndex: Uint32Array.from(cut, (k) => invocations.functionIndex[k] ?? 0),
        start: Float64Array.from(cut, (k) => invocations.start[k] ?? 0),
        end: Float64Array.from(cut, (k) => invocations.end[k] ?? 0),
      },
    };
    const options = { mode: 'online', idleWatts: 30, lagSeconds: 0 } as const;
    const [whole, early] = [attribute(trace, options), attribute(half, options)];
    const course = ({ course: { functionWatts } }: typeof whole) =>
      functionWatts.map((watts) => [...watts.slice(0, 300)]);
    expect(course(early)).toEqual(course(whole));
  });

  test('updates as often as it is asked to', () => {
    const often = attribute(trace, { mode: 'online', idleWatts: 30, updateSeconds: 10 });
    expect(imbalance(often.shares)).toBeLessThan(1e-9);
    expect(often.provenance.individual_j?.method).toMatch(/every 10 s/);
    const minutes = attribute(trace, { mode: 'online', idleWatts: 30 });
    expect(often.functions[0]?.individualJoules).not.toBe(minutes.functions[0]?.individualJoules);
  });

  test('tells no marginal energy where nobody counted processors, and says why', () => {
    const { usage: _, ...untold } = trace;
    const account = attribute(untold, { mode: 'online', idleWatts: 30 });
    expect(account.functions.every(({ marginalJoules }) => marginalJoules === undefined)).toBe(true);
    expect(account.provenance.marginal_j?.reason).toMatch(/processor time/);
    const told = attribute(trace, { mode: 'online', idleWatts: 30 });
    expect(told.functions.every(({ marginalJoules = 0 }) => marginalJoules > 0)).toBe(true);
  });

  test('meets the intensity of its time', () => {
    const random = seededRandom(1).uniform();
    const [low, high] = [100 + random, 500];
    const grams = (gramsPerKilowattHour: number): number =>
      attribute(trace, { mode: 'online', idleWatts: 30, gramsPerKilowattHour }).functions[0]
        ?.operationalGrams ?? 0;
    expect(grams(high) / grams(low)).toBeCloseTo(high / low, 9);
  });
});
