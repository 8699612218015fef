import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lanes } from './lanes.js';

/** Begins all that may begin. */
function beginAll(lanes: Lanes): string[] {
  const begun: string[] = [];
  for (let next = lanes.next(); next !== undefined; next = lanes.next()) begun.push(next.lane);
  return begun;
}

const count = (names: readonly string[], name: string): number => names.filter((one) => one === name).length;

describe('lanes', () => {
  it('give each lane its items in order', () => {
    const lanes = new Lanes({ concurrency: 1 });
    for (let item = 0; item < 200; item++) lanes.add(item % 2 === 0 ? 'even' : 'odd', item);
    const seen: Record<string, number[]> = { even: [], odd: [] };
    for (let next = lanes.next(); next !== undefined; next = lanes.next()) {
      seen[next.lane]?.push(next.item);
      lanes.ended(next.lane, false);
    }
    const order = Array.from({ length: 100 }, (_, index) => 2 * index);
    expect(seen).toEqual({ even: order, odd: order.map((item) => item + 1) });
  });

  it('leave some slots free for newcomers, also while one lane could take them all', () => {
    const lanes = new Lanes({ concurrency: 64 });
    for (let item = 0; item < 10_000; item++) lanes.add('many', item);
    expect(beginAll(lanes)).toHaveLength(48);
    lanes.add('new', 1);
    expect(beginAll(lanes)).toEqual(['new']);
  });

  it('use the one slot that there is', () => {
    const lanes = new Lanes({ concurrency: 1 });
    lanes.add('a', 1);
    expect(beginAll(lanes)).toEqual(['a']);
  });

  it('share slots evenly between lanes that have enough to do', () => {
    const lanes = new Lanes({ concurrency: 32 });
    for (let item = 0; item < 1_000; item++) for (const lane of ['a', 'b', 'c']) lanes.add(lane, item);
    const begun = beginAll(lanes);
    const counts = ['a', 'b', 'c'].map((lane) => count(begun, lane));
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(begun.length).toBeGreaterThanOrEqual(27);
  });

  it('let priority go first, and nobody wait for ever', () => {
    const lanes = new Lanes({ concurrency: 1, priorityOf: (lane) => (lane === 'high' ? 5 : 0) });
    for (let item = 0; item < 1_000; item++) for (const lane of ['low', 'high']) lanes.add(lane, item);
    const order: string[] = [];
    for (let turn = 0; turn < 80; turn++) {
      const next = lanes.next();
      if (next === undefined) throw new Error('nothing to do');
      order.push(next.lane);
      lanes.ended(next.lane, false);
    }
    expect(count(order, 'low')).toBe(10);
  });

  it('give fewer at once to a lane that was busy, and slowly more again', () => {
    const lanes = new Lanes({ concurrency: 64 });
    for (let item = 0; item < 1_000; item++) lanes.add('small', item);
    const atOnce = (): number => {
      const begun = beginAll(lanes).length;
      return begun;
    };
    let running = atOnce();
    expect(running).toBe(48);
    for (const expected of [24, 12, 6]) {
      lanes.ended('small', true);
      running--;
      while (running > expected) {
        lanes.ended('small', false);
        running--;
      }
      expect(running + atOnce()).toBeLessThanOrEqual(expected + 2);
      running = lanes.running;
    }
    const low = lanes.running;
    for (let done = 0; done < 200; done++) {
      lanes.ended('small', false);
      beginAll(lanes);
    }
    expect(lanes.running).toBeGreaterThan(low + 5);
  });

  it('lose nothing, never exceed their slots, and go on as long as anything waits', () => {
    const step = fc.oneof(
      fc.record({ add: fc.constantFrom('a', 'b', 'c', 'd') }),
      fc.record({ end: fc.nat(), wasBusy: fc.boolean() }),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(step, { maxLength: 200 }),
        (concurrency, steps) => {
          const lanes = new Lanes({ concurrency, priorityOf: (lane) => lane.charCodeAt(0) % 3 });
          const running: { lane: string; item: number }[] = [];
          const begun: number[] = [];
          let added = 0;
          const begin = (): void => {
            for (let next = lanes.next(); next !== undefined; next = lanes.next()) {
              running.push(next);
              begun.push(next.item);
            }
            expect(running.length).toBeLessThanOrEqual(concurrency);
            expect(lanes.running).toBe(running.length);
            if (lanes.waiting > 0) expect(running.length).toBeGreaterThan(0);
          };
          const end = (which: number, wasBusy: boolean): void => {
            const [task] = running.splice(which % Math.max(1, running.length), 1);
            if (task !== undefined) lanes.ended(task.lane, wasBusy);
          };
          for (const each of steps) {
            if ('add' in each) lanes.add(each.add, added++);
            else end(each.end, each.wasBusy);
            begin();
          }
          while (running.length > 0) {
            end(0, false);
            begin();
          }
          expect(begun.sort((a, b) => a - b)).toEqual(Array.from({ length: added }, (_, index) => index));
        },
      ),
    );
  });
});
