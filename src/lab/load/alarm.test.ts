import { describe, expect, it, onTestFinished } from 'vitest';
import { Alarm } from './alarm.js';

function alarm(onTime: () => void, memory?: SharedArrayBuffer): Alarm {
  const made = new Alarm(onTime, memory);
  onTestFinished(() => made.close());
  return made;
}

describe('an alarm', () => {
  it('comes at its time and not before, again and again', async () => {
    const early: number[] = [];
    await new Promise<void>((resolve) => {
      let [due, count] = [0, 0];
      const clock = alarm(() => {
        const now = performance.now();
        if (now < due) early.push(due - now);
        if (++count === 500) resolve();
        else next(now);
      });
      const next = (now: number): void => {
        due = now + (count % 10) / 10;
        clock.set(Math.max(0, due - performance.now()) / 1e3);
      };
      next(performance.now());
    });
    // The thread's clock and this one are read one after the other.
    expect(early.every((milliseconds) => milliseconds < 0.5)).toBe(true);
  });

  it('comes once, for what was set last', async () => {
    let count = 0;
    await new Promise<void>((resolve) => {
      const clock = alarm(() => {
        count++;
        setTimeout(resolve, 50);
      });
      clock.set(0);
      clock.set(0.001);
      clock.set(0.01);
    });
    expect(count).toBe(1);
  });

  it('comes also when its thread was woken for nothing', async () => {
    const memory = new SharedArrayBuffer(16);
    const turn = new Int32Array(memory, 0, 1);
    const waking = setInterval(() => Atomics.notify(turn, 0), 2);
    onTestFinished(() => clearInterval(waking));
    await new Promise<void>((resolve) => alarm(resolve, memory).set(0.3));
  });

  it('does not come when it was closed', async () => {
    let came = false;
    const clock = new Alarm(() => {
      came = true;
    });
    clock.set(0.02);
    await clock.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(came).toBe(false);
  });
});
