import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../base/index.js';
import type { AccountTick, FunctionPower } from '../account/account.js';
import { PowerCap, type PowerCapOptions } from './power-cap.js';
import type { CappedCall, Ticket } from './ticket.js';

let clock: ManualClock;
beforeEach(() => {
  clock = new ManualClock();
});

const power = (name: string, wattsPerCall: number): FunctionPower => ({
  function: name,
  wattsPerCall,
  joulesPerCall: wattsPerCall,
  meanSeconds: 1,
});

const tick = (changes: Partial<AccountTick> = {}): AccountTick => ({
  at: clock.wall(),
  seconds: 1,
  watts: undefined,
  idleWatts: 20,
  busyCpus: undefined,
  rate: undefined,
  functions: [power('a', 10), power('b', 30), power('huge', 500)],
  ...changes,
});

/** A timer that rings when the clock is moved by `pass`. */
const timers: { at: number; ring: () => void }[] = [];
function pass(seconds: number): void {
  clock.advance(seconds);
  for (const timer of timers.splice(0).sort((a, b) => a.at - b.at))
    if (timer.at <= clock.now()) timer.ring();
    else timers.push(timer);
}

function capped(changes: Partial<PowerCapOptions> = {}): PowerCap {
  timers.length = 0;
  const cap = new PowerCap({
    capWatts: 100,
    clock,
    cpus: 4,
    setTimer: (seconds, ring) => {
      const timer = { at: clock.now() + seconds, ring };
      timers.push(timer);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
    ...changes,
  });
  cap.update(tick());
  return cap;
}

const call = (name: string, changes: Partial<CappedCall> = {}): CappedCall => ({
  function: name,
  priority: 0,
  deadline: Number.POSITIVE_INFINITY,
  ...changes,
});

function waiting(admission: 'now' | Ticket): Ticket {
  if (admission === 'now') throw new Error('it need not wait');
  return admission;
}

describe('a cap', () => {
  it('lets calls run while the expected power stays below it, then lets them wait', () => {
    const cap = capped();
    // 20 W idle and 80 W for calls.
    expect([1, 2].map(() => cap.admit(call('b')))).toEqual(['now', 'now']);
    expect([1, 2].map(() => cap.admit(call('a')))).toEqual(['now', 'now']);
    const ticket = waiting(cap.admit(call('a')));
    expect(cap.report()).toMatchObject({ predictedWatts: 100, running: 4, waiting: 1 });
    pass(3);
    cap.ended(call('a'));
    expect(ticket.settlement).toEqual({ outcome: 'admitted', waitedSeconds: 3 });
    expect(cap.report()).toMatchObject({ predictedWatts: 100, running: 4, waiting: 0 });
  });

  it('lets a call that is too much for it run alone', () => {
    const cap = capped();
    expect(cap.admit(call('a'))).toBe('now');
    const huge = waiting(cap.admit(call('huge')));
    // Nobody overtakes it, so that its turn comes.
    const small = waiting(cap.admit(call('a')));
    cap.ended(call('a'));
    expect(huge.settlement?.outcome).toBe('admitted');
    expect(small.waits).toBe(true);
    cap.ended(call('huge'));
    expect(small.settlement?.outcome).toBe('admitted');
  });

  it('takes a function that it does not know for more than most, and at first for a processor', () => {
    const cap = capped();
    const { mean, deviation } = { mean: 180, deviation: Math.sqrt((170 ** 2 + 150 ** 2 + 320 ** 2) / 2) };
    cap.admit(call('new'));
    expect(cap.report().predictedWatts).toBeCloseTo(20 + mean + deviation, 9);
    const fresh = new PowerCap({ capWatts: 100, clock, cpus: 4, maxWatts: 180, idleWatts: 20 });
    fresh.admit(call('new'));
    expect(fresh.report().predictedWatts).toBe(20 + 160 / 4);
  });

  it('lets higher priorities go first, and those that wait long before them', () => {
    const cap = capped({ ageSeconds: 10 });
    for (let index = 0; index < 8; index++) cap.admit(call('a'));
    const order: string[] = [];
    const enter = (name: string, priority: number): void =>
      waiting(cap.admit(call('a', { priority }))).whenSettled(() => order.push(name));
    enter('old low', 0);
    pass(11);
    enter('low', 0);
    enter('high', 1);
    enter('higher', 2);
    for (let index = 0; index < 4; index++) cap.ended(call('a'));
    expect(order).toEqual(['higher', 'old low', 'high', 'low']);
  });

  it('sheds what waits beyond its deadline, at that moment, and what is last when too many wait', () => {
    const cap = capped({ maxWaiting: 2 });
    for (let index = 0; index < 8; index++) cap.admit(call('a'));
    const late = waiting(cap.admit(call('a', { deadline: clock.now() + 2 })));
    const low = waiting(cap.admit(call('b', { priority: -1 })));
    const high = waiting(cap.admit(call('b', { priority: 5 })));
    expect(low.settlement).toEqual({ outcome: 'shed', waitedSeconds: 0, reason: 'overload' });
    expect(waiting(cap.admit(call('b', { priority: -1 }))).settlement).toMatchObject({ reason: 'overload' });
    pass(1.5);
    expect(late.waits).toBe(true);
    pass(0.5);
    expect(late.settlement).toEqual({ outcome: 'shed', waitedSeconds: 2, reason: 'deadline' });
    cap.close();
    expect(high.settlement).toMatchObject({ outcome: 'shed', reason: 'closed' });
    expect(waiting(cap.admit(call('a'))).settlement).toMatchObject({ outcome: 'shed', reason: 'closed' });
    expect(timers).toEqual([]);
    expect(cap.report().functions).toEqual([
      expect.objectContaining({
        function: 'a',
        admitted: 8,
        shed: { deadline: 1, closed: 1 },
        delaySeconds: 2,
      }),
      expect.objectContaining({ function: 'b', admitted: 0, shed: { overload: 2, closed: 1 } }),
    ]);
  });

  it('forgets those whose callers are gone', async () => {
    const cap = capped();
    for (let index = 0; index < 8; index++) cap.admit(call('a'));
    const [huge, next] = [waiting(cap.admit(call('huge'))), waiting(cap.admit(call('a')))];
    cap.ended(call('a'));
    expect(next.waits).toBe(true);
    huge.cancel();
    huge.cancel();
    expect(await huge.settled).toMatchObject({ outcome: 'cancelled' });
    expect(await next.settled).toMatchObject({ outcome: 'admitted' });
    next.cancel();
    expect(cap.report()).toMatchObject({ running: 8, waiting: 0 });
    expect(cap.report().functions.map(({ cancelled }) => cancelled)).toEqual([0, 1]);
  });

  it('tells the power that was reached, and how evenly functions were delayed', () => {
    const cap = capped();
    cap.update(tick({ watts: 90, seconds: 3 }));
    cap.update(tick({ watts: 130, seconds: 1 }));
    expect(cap.report().achieved).toEqual({
      seconds: 4,
      meanWatts: 100,
      maxWatts: 130,
      secondsAbove: 1,
      joulesAbove: 30,
    });
    for (let index = 0; index < 8; index++) cap.admit(call('a'));
    cap.admit(call('b'));
    expect(cap.report().fairness).toEqual([{ priority: 0, functions: 1, delayIndex: 1 }]);
  });

  it.each([0, -5, Number.NaN, Number.POSITIVE_INFINITY])('of %f W is refused', (capWatts) => {
    expect(() => new PowerCap({ capWatts, clock, cpus: 4 })).toThrow(
      expect.objectContaining({ code: 'bad_usage' }),
    );
  });
});

type Step =
  | { readonly do: 'admit'; readonly name: string; readonly priority: number; readonly patience: number }
  | { readonly do: 'end' | 'cancel'; readonly which: number }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'tick'; readonly watts: number | undefined; readonly wattsPerCall: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('admit' as const),
    name: fc.constantFrom('a', 'b', 'huge', 'unknown'),
    priority: fc.integer({ min: -2, max: 3 }),
    patience: fc.constantFrom(0, 1, 30, Number.POSITIVE_INFINITY),
  }),
  fc.record({ do: fc.constantFrom('end' as const, 'cancel' as const), which: fc.nat(50) }),
  fc.record({ do: fc.constant('pass' as const), seconds: fc.double({ min: 0, max: 20, noNaN: true }) }),
  fc.record({
    do: fc.constant('tick' as const),
    watts: fc.option(fc.double({ min: 0, max: 300, noNaN: true }), { nil: undefined }),
    wattsPerCall: fc.double({ min: 0, max: 60, noNaN: true }),
  }),
);

describe('whatever happens', () => {
  it('each call is settled once, none is let run above the cap but alone, and all waiting ones in their order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        clock = new ManualClock();
        const cap = capped({ ageSeconds: 7 });
        const running: string[] = [];
        const tickets: { readonly ticket: Ticket; settled: number }[] = [];
        let entered = 0;
        const begin = (name: string): void => {
          running.push(name);
          const { predictedWatts, capWatts, running: count } = cap.report();
          if (count > 1) expect(predictedWatts).toBeLessThanOrEqual(capWatts + 1e-9);
        };
        for (const each of steps) {
          switch (each.do) {
            case 'admit': {
              const admission = cap.admit(
                call(each.name, { priority: each.priority, deadline: clock.now() + each.patience }),
              );
              entered++;
              if (admission === 'now') {
                begin(each.name);
                break;
              }
              const entry = { ticket: admission, settled: 0 };
              tickets.push(entry);
              admission.whenSettled(({ outcome }) => {
                entry.settled++;
                if (outcome !== 'admitted') return;
                // Nobody that still waits had come before it by the order of the line.
                for (const { ticket } of tickets)
                  if (ticket.waits && ticket !== admission)
                    expect(ticket.rank).toBeGreaterThanOrEqual(admission.rank);
                begin(each.name);
              });
              break;
            }
            case 'end': {
              const [name] = running.splice(each.which % Math.max(1, running.length), 1);
              if (name !== undefined) cap.ended(call(name));
              break;
            }
            case 'cancel':
              tickets[each.which % Math.max(1, tickets.length)]?.ticket.cancel();
              break;
            case 'pass':
              pass(each.seconds);
              break;
            case 'tick':
              cap.update(
                tick({ watts: each.watts, functions: [power('a', each.wattsPerCall), power('b', 30)] }),
              );
          }
          for (const { ticket, settled } of tickets) expect(settled).toBe(ticket.waits ? 0 : 1);
          const report = cap.report();
          expect(report.running).toBe(running.length);
          expect(report.waiting).toBe(tickets.filter(({ ticket }) => ticket.waits).length);
          // Something runs whenever somebody waits.
          if (report.waiting > 0) expect(report.running).toBeGreaterThan(0);
          for (const { ticket } of tickets)
            if (ticket.waits) expect(ticket.call.deadline).toBeGreaterThan(clock.now());
        }
        const counts = cap.report().functions;
        const told = counts.reduce(
          (sum, { admitted, cancelled, shed }) =>
            sum + admitted + cancelled + Object.values(shed).reduce((total, count) => total + count, 0),
          0,
        );
        expect(told + cap.report().waiting).toBe(entered);
      }),
      { numRuns: 300 },
    );
  });

  it('nobody waits for ever, however many of higher priority come', () => {
    clock = new ManualClock();
    const cap = capped({ ageSeconds: 5 });
    for (let index = 0; index < 8; index++) cap.admit(call('a', { priority: 3 }));
    const low = waiting(cap.admit(call('huge')));
    let seconds = 0;
    // Twice as many of high priority come as can be served.
    for (; low.waits && seconds < 1_000; seconds++) {
      for (let index = 0; index < 16; index++)
        cap.admit(call('a', { priority: 3, deadline: clock.now() + 60 }));
      pass(1);
      for (let index = 0; index < 8; index++) cap.ended(call('a'));
    }
    expect(low.settlement?.outcome).toBe('admitted');
    // Three steps of priority are made up for by fifteen seconds; those that came by then go first.
    expect(seconds).toBeLessThan(60);
  });
});
