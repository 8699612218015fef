import { describe, expect, it } from 'vitest';
import { multiply } from '../../maths/index.js';
import type { UsageTable } from '../../model/index.js';
import { sharedLoads } from './shared-loads.js';

/** Usage read once a second: principal and CPU seconds. */
function usageOf(principals: readonly string[], seconds: readonly (readonly number[])[]): UsageTable {
  const rows = seconds.flatMap((row, k) => row.map((used, who) => [k, who, used] as const));
  const none = new Float64Array(rows.length).fill(Number.NaN);
  return {
    principals,
    principalIndex: Uint32Array.from(rows, ([, who]) => who),
    t: Float64Array.from(rows, ([k]) => k),
    cpuSeconds: Float64Array.from(rows, ([, , used]) => used),
    cycles: none,
    instructions: none,
    llcMisses: none,
  };
}

const STEPS = { start: 0, stepSeconds: 0.5, count: 6 };

describe('sharedLoads', () => {
  it('tells how many processors each shared principal kept busy, step by step', () => {
    const usage = usageOf(
      ['os', 'fn:a', 'control-plane', 'system'],
      [
        [0, 0, 0, 0],
        [0.2, 1, 0.5, 2],
        [0, 1, 0.25, 2],
        [0.4, 1, 0, 2],
      ],
    );
    const { names, loads } = sharedLoads(usage, STEPS);
    expect(names).toEqual(['control-plane', 'os']);
    expect(loads.width).toBe(2);
    const course = (column: number): number[] => [
      ...multiply(
        loads,
        [0, 1].map((k) => Number(k === column)),
      ),
    ];
    expect(course(0)).toEqual([0.5, 0.5, 0.25, 0.25, 0, 0].map((value) => expect.closeTo(value, 9)));
    expect(course(1)).toEqual([0.2, 0.2, 0, 0, 0.4, 0.4].map((value) => expect.closeTo(value, 9)));
  });

  it('has no columns where nobody works for all', () => {
    const { names, loads } = sharedLoads(usageOf(['fn:a'], [[0], [1]]), STEPS);
    expect(names).toEqual([]);
    expect(loads.width).toBe(0);
    expect(loads.rowStart.length).toBe(STEPS.count + 1);
  });

  it('holds what is not known for no load rather than for NaN', () => {
    const { loads } = sharedLoads(usageOf(['os'], [[0], [Number.NaN], [0.5]]), STEPS);
    expect(loads.value.every(Number.isFinite)).toBe(true);
    expect([...multiply(loads, [1])]).toEqual([0, 0, 0.5, 0.5, 0, 0]);
  });
});
