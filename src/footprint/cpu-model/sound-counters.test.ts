import { describe, expect, it } from 'vitest';
import { counterColumns } from './counters.js';
import { soundColumns, soundSample } from './sound-counters.js';

const GOOD = { cpuSeconds: 2, cycles: 5e9, referenceCycles: 4.8e9, instructions: 7e9, llcMisses: 2e6 };

describe('soundSample', () => {
  it('leaves a good sample as it is, that of an idle second too', () => {
    expect(soundSample(GOOD, 8)).toEqual(GOOD);
    const idle = { cpuSeconds: 0, cycles: 0, referenceCycles: 0, instructions: 0, llcMisses: 0 };
    expect(soundSample(idle, 8)).toEqual(idle);
  });

  it.each([
    ['a counter that was reset', { cycles: -1 }, ['cycles']],
    ['more cycles than time allows', { cycles: 1e11 }, ['cycles']],
    ['reference cycles that overflowed', { referenceCycles: 2 ** 48 }, ['referenceCycles']],
    ['work without cycles', { cycles: 0 }, ['cycles']],
    ['more instructions than a core can do', { instructions: 6e10 }, ['instructions', 'llcMisses']],
    ['more misses than instructions', { llcMisses: 1e12 }, ['llcMisses']],
    ['more CPU time than the machine has', { cpuSeconds: 20 }, ['cpuSeconds', 'cycles', 'referenceCycles']],
    ['infinity', { llcMisses: Number.POSITIVE_INFINITY }, ['llcMisses']],
  ])('takes %s for not available', (_, fault, missing) => {
    const sound = soundSample({ ...GOOD, ...fault }, 8);
    const lost = Object.entries(sound).flatMap(([name, value]) => (Number.isNaN(value) ? [name] : []));
    expect(missing).toEqual(expect.arrayContaining(lost));
    expect(lost.length).toBeGreaterThan(0);
  });
});

describe('soundColumns', () => {
  it('leaves out a row whose clock alone is far from its neighbours, not a clock that was set lower', () => {
    const columns = counterColumns(60, 1);
    columns.cycles.fill(3e9, 0, 30).fill(1.2e9, 30);
    columns.instructions.fill(2e9);
    columns.referenceCycles.fill(2.4e9);
    columns.cycles[10] = 9e9;
    columns.cycles[50] = 2e8;
    const sound = soundColumns(columns);
    expect([...sound.cycles.keys()].filter((row) => Number.isNaN(sound.cycles[row]))).toEqual([10, 50]);
    expect(sound.llcMisses[10]).toBeNaN();
    expect(sound.cpuSeconds[10]).toBe(1);
    expect(columns.cycles[10]).toBe(9e9);
  });
});
