import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMachineStat } from './machine-stat.js';
import { ProcessorTime } from './processor-time.js';

/** A 4-processor server, Linux 6.1: 100 ticks a second, an hour up. */
const stat = (rows: readonly string[], rest = ''): string =>
  `cpu  0 0 0 0 0 0 0 0 0 0\n${rows.map((row, n) => `cpu${n} ${row}\n`).join('')}intr 1 0 2\nctxt 4711\nbtime 1700000000\nprocesses 99\n${rest}`;
const parse = (...rows: string[]) => parseMachineStat(stat(rows), 100);

describe('/proc/stat', () => {
  it('tells each processor, switches and boot time', () => {
    const found = parseMachineStat(
      'cpu  200 40 60 800 20 4 6 10 50 0\ncpu0 100 20 30 400 10 2 3 5 25 0\ncpu3 100 20 30 400 10 2 3 5 25 0\nctxt 9\nbtime 1700000000\nprocesses 7\n',
      100,
    );
    expect([...found.cpus.keys()]).toEqual([0, 3]);
    expect(found.cpus.get(3)).toEqual({
      user: 1,
      nice: 0.2,
      system: 0.3,
      idle: 4,
      iowait: 0.1,
      irq: 0.02,
      softirq: 0.03,
      steal: 0.05,
    });
    expect(found).toMatchObject({ contextSwitches: 9, bootTime: 1_700_000_000 });
  });

  it('reads the few fields of an old kernel and none of garbage', () => {
    expect(parseMachineStat('cpu 1 2 3 4\n', 1).total).toMatchObject({ idle: 4, iowait: 0, steal: 0 });
    expect(parseMachineStat('cpu 1 2\ncpu0 x y z\nnothing', 1)).toMatchObject({
      total: undefined,
      contextSwitches: undefined,
    });
  });
});

describe('the busy clock', () => {
  it('takes work for the time that passed less idle, waiting and stolen time', () => {
    const clock = new ProcessorTime();
    clock.advance(parse('0 0 0 360000 0 0 0 0 0 0'), 0, 3600);
    // In 10 s: 5 s idle, 1 s waiting, 1 s stolen. The tick saw 2.8 s of the 3 s of work.
    clock.advance(parse('200 0 80 360500 100 0 0 100 0 0'), 10);
    expect(clock.busySeconds).toBeCloseTo(3, 9);
  });

  it('does not count guests twice: their time is within user', () => {
    const clock = new ProcessorTime();
    clock.advance(parse('0 0 0 0 0 0 0 0 0 0'), 0);
    clock.advance(parse('500 0 0 9500 0 0 0 0 400 0'), 1);
    expect(clock.busySeconds).toBeCloseTo(5, 9);
  });

  it('falls back to sampled work where the modes do not sum to the time that passed', () => {
    const clock = new ProcessorTime();
    clock.advance(parse('100 0 0 100 0 0 0 0'), 0, 3600);
    clock.advance(parse('150 0 10 100 0 5 5 0'), 10);
    expect(clock.busySeconds).toBeCloseTo(0.7, 9);
    expect(clock.interruptSeconds).toBeCloseTo(0.1, 9);
  });

  it('says 0, not 100 %, in a sandbox whose processors never do anything', () => {
    const clock = new ProcessorTime();
    clock.advance(parse('0 0 0 0 0 0 0 0'), 0, 3600);
    for (let t = 0.05; t < 2; t += 0.05) clock.advance(parse('0 0 0 0 0 0 0 0'), t);
    expect(clock.busySeconds).toBe(0);
  });

  it('trusts idle time from the second look on where uptime is not known', () => {
    const clock = new ProcessorTime();
    clock.advance(parse('0 0 0 1000 0 0 0 0'), 0);
    clock.advance(parse('100 0 0 1095 0 0 0 0'), 2);
    expect(clock.busySeconds).toBeCloseTo(1.05, 9);
  });

  it('goes on when a processor goes offline and comes back', () => {
    const clock = new ProcessorTime();
    clock.advance(parse('0 0 0 0 0 0 0 0', '0 0 0 0 0 0 0 0'), 0);
    clock.advance(parse('50 0 0 50 0 0 0 0'), 1);
    clock.advance(parse('50 0 0 150 0 0 0 0', '9000 0 0 9000 0 0 0 0'), 2);
    clock.advance(parse('50 0 0 250 0 0 0 0', '9100 0 0 9000 0 0 0 0'), 3);
    expect(clock.busySeconds).toBeCloseTo(0.5 + 1, 9);
  });

  it('uses the sum of all processors where they are not told apart', () => {
    const clock = new ProcessorTime();
    clock.advance(parseMachineStat('cpu 0 0 0 0 0 0 0 0\n', 100), 0);
    clock.advance(parseMachineStat('cpu 100 0 0 300 0 0 0 0\n', 100), 2);
    expect(clock.busySeconds).toBeCloseTo(1, 9);
  });

  it('never goes backwards nor beyond the processors’ time, whatever the kernel says', () => {
    const ticks = fc.nat({ max: 2000 });
    const reading = fc.record({
      row: fc.array(ticks, { minLength: 8, maxLength: 8 }),
      after: fc.double({ min: 0.001, max: 5, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 20 }), (readings) => {
        const clock = new ProcessorTime();
        let [at, last] = [0, 0];
        for (const { row, after } of readings) {
          at += after;
          clock.advance(parse(row.join(' ')), at);
          expect(clock.busySeconds).toBeGreaterThanOrEqual(last);
          expect(clock.interruptSeconds).toBeGreaterThanOrEqual(0);
          last = clock.busySeconds;
        }
      }),
    );
  });
});
