import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTrace } from './read-trace.js';
import { TraceStream } from './trace-stream.js';

const fresh = (): string => join(mkdtempSync(join(tmpdir(), 'stream-')), 'trace');

describe('a trace that grows', () => {
  it('can be read as what was written, at any time', async () => {
    const stream = new TraceStream(fresh());
    stream.power([
      { t: 1, systemWatts: 10.5, cpuWatts: undefined },
      { t: 2, systemWatts: undefined, cpuWatts: 4 },
    ]);
    stream.usage(1, [
      ['fn:f', 0.25],
      ['system', 1],
    ]);
    stream.invocations([{ function: 'f', start: 0.25, end: 0.5, cold: true }]);
    const early = await readTrace(stream.directory);
    expect(early.power.systemWatts).toEqual(Float64Array.of(10.5, Number.NaN));
    stream.usage(2, new Map([['fn:a, "b"', 0.5]]));
    stream.invocations([
      { function: 'a, "b"', start: -1, end: 3, cold: false },
      { function: 'f', start: 1.5, end: undefined, cold: false },
    ]);
    stream.describe({ idleWatts: 8 });
    stream.describe({ idleWatts: 9, cores: 2 });
    stream.close();
    stream.close();
    const trace = await readTrace(stream.directory);
    expect(trace.power.cpuWatts).toEqual(Float64Array.of(Number.NaN, 4));
    expect(trace.usage?.principals).toEqual(['fn:f', 'system', 'fn:a, "b"']);
    expect(trace.usage?.t).toEqual(Float64Array.of(1, 1, 2));
    expect(trace.usage?.cpuSeconds).toEqual(Float64Array.of(0.25, 1, 0.5));
    expect(trace.invocations).toEqual({
      functions: ['f', 'a, "b"'],
      functionIndex: Uint32Array.of(0, 1, 0),
      start: Float64Array.of(0.25, -1, 1.5),
      end: Float64Array.of(0.5, 3, Number.POSITIVE_INFINITY),
      cold: Uint8Array.of(1, 0, 0),
    });
    expect(trace.description).toEqual({ idleWatts: 9, cores: 2 });
  });

  it('never takes a place where something is', () => {
    const directory = fresh();
    new TraceStream(directory).close();
    expect(() => new TraceStream(directory)).toThrow('will not be overwritten');
    const file = fresh();
    writeFileSync(file, 'mine');
    expect(() => new TraceStream(file)).toThrow(file);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(() => new TraceStream('/proc/nowhere')).toThrow('/proc/nowhere');
  });

  it('refuses what no trace can say, and names where', () => {
    const stream = new TraceStream(fresh());
    expect(() => stream.power([{ t: Number.NaN, systemWatts: 1, cpuWatts: 1 }])).toThrow('time of a sample');
    expect(() => stream.invocations([{ function: '', start: 0, end: 1, cold: false }])).toThrow('a function');
    stream.close();
  });
});
