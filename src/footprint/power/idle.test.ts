import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idlePower } from './idle.js';
import { randomRuns, type SeenWork, seenWork } from './testing/seen-work.js';

const PROMPT = { delaySeconds: 0, smoothingSeconds: 0 };

function idleOf(work: SeenWork, response = work.response) {
  const { samples, occupancy } = seenWork(work);
  return idlePower(samples, occupancy, response);
}

describe('idlePower', () => {
  it('is what the machine drew while nothing ran, with its error', () => {
    const idle = idleOf({ response: PROMPT, from: -30, to: 200, runs: randomRuns(1, 0, 200) });
    expect(idle?.value).toBeCloseTo(50, 0);
    expect(Math.abs((idle?.value ?? 0) - 50)).toBeLessThan(4 * (idle?.standardError ?? 0));
    expect(idle?.samples).toBeGreaterThanOrEqual(28);
  });

  it('is not fooled by a late or slow sensor that is known to be one', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 1000 }),
        fc.double({ min: -20, max: 20, noNaN: true }),
        fc.constantFrom(0, 0.5, 2),
        (seed, delaySeconds, smoothingSeconds) => {
          const response = { delaySeconds, smoothingSeconds };
          const idle = idleOf({ seed, response, from: -80, to: 200, runs: randomRuns(seed, 0, 180) });
          expect(Math.abs((idle?.value ?? 0) - 50)).toBeLessThan(0.5);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('does not count what a slow sensor still shows of work that is over', () => {
    const runs = Array.from({ length: 12 }, (_, k): [number, number] => [k * 17, k * 17 + 2]);
    const response = { delaySeconds: 0, smoothingSeconds: 1.5 };
    const idle = idleOf({ response, from: 0, to: 200, runs, workWatts: 400, noiseWatts: 0.01 });
    expect(Math.abs((idle?.value ?? 0) - 50)).toBeLessThan(0.3);
  });

  it('would be fooled if the lag were not undone', () => {
    const work: SeenWork = {
      response: { delaySeconds: -11, smoothingSeconds: 0 },
      from: -15,
      to: 300,
      runs: randomRuns(2, 0, 300),
    };
    expect(idleOf(work)?.value ?? 0).toBeLessThan(51);
    expect(idleOf(work, PROMPT)?.value ?? 0).toBeGreaterThan(55);
  });

  it('is not fooled by work that goes on after its log has ended', () => {
    const runs = randomRuns(3, 0, 400);
    const logged = runs.filter(([start]) => start < 200);
    const idle = idleOf({ response: PROMPT, from: -30, to: 400, runs, logged });
    expect(Math.abs((idle?.value ?? 0) - 50)).toBeLessThan(0.5);
  });

  it('takes what comes after the work where there is nothing before it', () => {
    const busy = Array.from({ length: 100 }, (_, k): [number, number] => [k, k + 1]);
    const idle = idleOf({ response: PROMPT, from: 0, to: 140, runs: busy });
    expect(Math.abs((idle?.value ?? 0) - 50)).toBeLessThan(0.5);
    expect(idle?.samples).toBeLessThanOrEqual(40);
  });

  it('is not known where too few samples are quiet', () => {
    const busy = Array.from({ length: 100 }, (_, k): [number, number] => [k, k + 1]);
    expect(idleOf({ response: PROMPT, from: -5, to: 105, runs: busy })).toBeUndefined();
  });

  it('does not count samples that are none', () => {
    const { samples, occupancy } = seenWork({ response: PROMPT, from: -30, to: 60, runs: [[0, 60]] });
    const watts = samples.watts.map((value, i) => (i % 2 === 0 ? Number.NaN : value));
    const [all, half] = [samples, { ...samples, watts }].map((some) => idlePower(some, occupancy, PROMPT));
    expect(half?.samples).toBeLessThanOrEqual((all?.samples ?? 0) / 2 + 1);
    expect(half?.value).toBeCloseTo(50, 0);
  });
});
