import { afterEach, describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import { BpfObject } from '../native/libbpf.js';
import { Ebpf } from '../sources/ebpf.js';
import { fixtureHost } from '../testing/tree.js';
import { CpuStates } from './cpu-states.js';

const host = createHost({ log: silentLogger });
const available = await new Ebpf(host).probe();
const IDLE_EXIT = 0xffff_ffffn;

describe.skipIf(!available.usable)(`processor states ${available.usable ? '' : available.reason}`, () => {
  let states: CpuStates | undefined;
  let programs: BpfObject | undefined;
  const open = (): CpuStates => {
    states = CpuStates.open(host, (path) => {
      programs = new BpfObject(path);
      return programs;
    });
    return states;
  };
  /** Runs a program as its tracepoint would. */
  const happen = (program: string, ...args: bigint[]): void => programs?.runOn(program, 0, args);
  afterEach(() => states?.close());

  it('tell how long each processor was idle, never more than the time that passed', () => {
    const started = process.hrtime.bigint();
    open();
    // The processors may be too busy to be idle by themselves.
    happen('on_idle', 3n, 0n);
    happen('on_idle', IDLE_EXIT, 0n);
    const read = states?.read() ?? [];
    const passed = Number(process.hrtime.bigint() - started) / 1e9;
    expect(read[0]?.idle?.some(({ seconds, entries }) => seconds > 0 && entries > 0)).toBe(true);
    for (const { idle = [] } of read) {
      expect(idle.reduce((sum, { seconds }) => sum + seconds, 0)).toBeLessThanOrEqual(passed);
      for (const { entries, name } of idle) {
        expect(entries).toBeGreaterThan(0);
        expect(name).not.toBe('');
      }
    }
  });

  it('roll up the time at each frequency, from the first change on', () => {
    open();
    // A processor number that has no record is left out.
    happen('on_frequency', 2_400_000n, 100_000n);
    expect(states?.read()[0]?.frequencies).toEqual([]);
    const started = process.hrtime.bigint();
    happen('on_frequency', 2_400_000n, 0n);
    happen('on_frequency', 1_249_000n, 0n);
    happen('on_frequency', 99_000_000n, 0n);
    const frequencies = states?.read()[0]?.frequencies ?? [];
    const passed = Number(process.hrtime.bigint() - started) / 1e9;
    expect(frequencies.map(({ ghz }) => ghz)).toEqual([1.2, 2.4, 9.5]);
    expect(frequencies.reduce((sum, { seconds }) => sum + seconds, 0)).toBeLessThanOrEqual(passed);
  });

  it('put idle states beyond those that the kernel has together', () => {
    open();
    const before = states?.read()[0]?.idle?.find(({ name }) => name === 'state 15')?.entries ?? 0;
    happen('on_idle', 40n, 0n);
    happen('on_idle', IDLE_EXIT, 0n);
    expect(states?.read()[0]?.idle?.find(({ name }) => name === 'state 15')?.entries).toBe(before + 1);
  });

  it('count throttling where the kernel tells it', () => {
    open();
    if (states?.watched.has('trips')) {
      happen('on_trip', 0n, 0n, 0n);
      happen('on_trip', 0n, 0n, 0n);
      expect(states.read()[0]?.throttling.trips).toBe(2);
    }
    for (const { throttling } of states?.read() ?? []) {
      expect('trips' in throttling).toBe(states?.watched.has('trips'));
      expect('coolings' in throttling).toBe(states?.watched.has('coolings'));
    }
  });

  it('are not read after they are closed', () => {
    open().close();
    expect(() => states?.read()).toThrow(/after close/);
  });
});

describe('processor states elsewhere', () => {
  it('say why there are none', () => {
    expect(() => CpuStates.open(fixtureHost({}))).toThrow(/not this machine's own/);
  });
});
