import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, ManualClock, silentLogger } from '../../base/index.js';
import { type Load, VirtualPowercap } from '../../lab/index.js';
import { allSources, type InstantEnergySource } from '../../meter/index.js';
import { settingsSchema } from '../../model/index.js';
import { PowerCap } from './power-cap.js';

const IDLE_WATTS = 25;
/** What a call of the function truly draws, and what is told of it. */
const TRUE_WATTS = 9;
const TOLD_WATTS = 6;
const CAP_WATTS = 80;
const SECONDS = 120;
const STEPS = 10;

const trees: VirtualPowercap[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) tree.close();
});

/** A machine of which the counters alone tell what it draws: so many calls, each of a second and a half, want to run. */
async function run(wanted: number, capWatts: number | undefined) {
  const clock = new ManualClock();
  const root = join(mkdtempSync(join(tmpdir(), 'wattloop-power-cap-')), 'sys');
  let ends: number[] = [];
  let last = 0;
  const load: Load = {
    start: (at) => {
      last = at;
    },
    advance: (at) => {
      const joules = (IDLE_WATTS + TRUE_WATTS * ends.length) * (at - last);
      last = at;
      return [joules];
    },
    close: () => {},
  };
  // A counter so small that it goes round again and again.
  const options = { root, load, sockets: 1, extra: [], maxWatts: 200, rangeMicrojoules: 300_000_000n };
  const tree = new VirtualPowercap(createHost({ clock, log: silentLogger, env: {} }), options);
  trees.push(tree);
  tree.open();
  const host = createHost({ sysfs: root, clock, log: silentLogger, env: {} });
  const source = allSources(host, settingsSchema.parse({})).find(({ name }) => name === 'rapl');
  if (source?.yields !== 'energy' || !source.instant) throw new Error('rapl is not an instant source');
  await source.open();
  const joulesOf = (each: InstantEnergySource): number =>
    each.read().reduce((sum, reading) => sum + ('joules' in reading ? reading.joules : 0), 0);

  const cap = new PowerCap({ capWatts: capWatts ?? 1e6, clock, cpus: 8, setTimer: () => () => {} });
  const call = { function: 'a', priority: 0, deadline: Number.POSITIVE_INFINITY };
  const watts: number[] = [];
  let joules = joulesOf(source);
  for (let second = 0; second < SECONDS; second++) {
    for (let step = 0; step < STEPS; step++) {
      while (ends.length + cap.report().waiting < wanted) {
        const admission = cap.admit(call);
        const begin = (): void => void ends.push(clock.now() + 1.5);
        if (admission === 'now') begin();
        else admission.whenSettled(begin);
      }
      clock.advance(1 / STEPS);
      tree.step();
      const over = ends.filter((end) => end <= clock.now());
      ends = ends.filter((end) => end > clock.now());
      for (const _ of over) cap.ended(call);
    }
    const now = joulesOf(source);
    watts.push(now - joules);
    joules = now;
    const functions = [{ function: 'a', wattsPerCall: TOLD_WATTS, joulesPerCall: 9, meanSeconds: 1.5 }];
    const idle = second === 0 ? undefined : IDLE_WATTS;
    cap.update({
      at: second,
      seconds: 1,
      watts: watts.at(-1),
      idleWatts: idle,
      busyCpus: undefined,
      rate: undefined,
      functions,
    });
  }
  await source.close();
  const counter = Number(readFileSync(join(root, 'class/powercap/intel-rapl:0/energy_uj'), 'utf8'));
  return { watts, report: cap.report(), counter, truth: tree.truth()[0]?.joules ?? 0 };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a power cap on a machine with energy counters', () => {
  it('holds, as the counters tell, where the same calls drew far more without it', async () => {
    const free = await run(20, undefined);
    const capped = await run(20, CAP_WATTS);
    // The counters are real ones: they grew with the load, and went round.
    expect(meanOf(free.watts)).toBeCloseTo(IDLE_WATTS + 20 * TRUE_WATTS, -1);
    expect(free.truth).toBeCloseTo(SECONDS * meanOf(free.watts), 0);
    expect(free.counter).toBeLessThan(300e6);
    expect(meanOf((await run(1, undefined)).watts)).toBeCloseTo(IDLE_WATTS + TRUE_WATTS, -1);

    const settled = capped.watts.slice(15);
    expect(Math.max(...settled)).toBeLessThanOrEqual(CAP_WATTS * 1.02);
    // Six calls fit truly. Told powers that were too low let eight run at first.
    expect(meanOf(settled)).toBeGreaterThan(IDLE_WATTS + 4.5 * TRUE_WATTS);
    expect(capped.report.gain).toBeGreaterThan(1.2);
    expect(capped.report.achieved?.secondsAbove).toBeLessThan(15);
  });

  it('lets everything run that fits', async () => {
    const { watts, report } = await run(4, CAP_WATTS);
    expect(meanOf(watts.slice(15))).toBeCloseTo(IDLE_WATTS + 4 * TRUE_WATTS, -1);
    expect(report.functions[0]?.delaySeconds).toBe(0);
    expect(report.achieved?.secondsAbove).toBe(0);
  });
});
