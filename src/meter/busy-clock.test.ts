import { describe, expect, it } from 'vitest';
import { BusyClock } from './busy-clock.js';

function stepping(exact: boolean) {
  let busy = 0;
  let reads = 0;
  const machine = () => {
    reads++;
    return { at: 0, logicalCpus: 2, busySeconds: busy };
  };
  return {
    clock: new BusyClock({ exact, machine }),
    set: (value: number) => {
      busy = value;
    },
    reads: () => reads,
  };
}

describe('BusyClock', () => {
  it('reads an exact counter each time', () => {
    const { clock, set } = stepping(true);
    clock.seconds(0);
    set(0.001);
    expect(clock.seconds(0.002)).toBe(0.001);
  });

  it('goes on at the last rate between two steps of a tick counter', () => {
    const { clock, set, reads } = stepping(false);
    clock.seconds(0);
    set(0.5);
    expect(clock.seconds(1)).toBe(0.5);
    expect(clock.seconds(1.02)).toBeCloseTo(0.51);
    expect(reads()).toBe(2);
  });

  it('waits for the counter to catch up rather than going backwards', () => {
    const { clock, set } = stepping(false);
    clock.seconds(0);
    set(1);
    clock.seconds(1);
    const ahead = clock.seconds(1.04);
    set(1.01);
    expect(clock.seconds(1.1)).toBe(ahead);
  });
});
