import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../base/index.js';
import { FakeUsage } from '../../../meter/testing/fake-sources.js';
import type { AccountedReplica } from '../account.js';
import { FunctionObserver } from './function-observer.js';
import type { ReplicaMeter } from './replica-meter.js';

/** Replicas whose meters a test turns, beside a gateway and the account's own process. */
function machine() {
  const clock = new ManualClock();
  const usage = new FakeUsage(clock, 'proc');
  const seconds = new Map<string, number>();
  const told: string[] = [];
  const self = { seconds: 0 };
  const gateway = { seconds: 0, helpers: [] as number[] };
  const observer = new FunctionObserver({
    meterReplica: ({ id, pid, group }, isNew): ReplicaMeter | undefined => {
      if (pid === undefined && group === undefined) return undefined;
      const before = isNew ? 0 : (seconds.get(id) ?? 0);
      return {
        cpuSeconds: () => (seconds.get(id) ?? 0) - before,
        close: () => void told.push(`closed ${id}`),
      };
    },
    gateway: {
      cpuSeconds: (isHelper) => {
        gateway.helpers = [10, 11, 12].filter(isHelper);
        return gateway.seconds;
      },
      close: () => void told.push('closed gateway'),
    },
    selfCpuSeconds: () => self.seconds,
    selfPid: 12,
  });
  observer.choose([usage]);
  const work = (id: string, cpuSeconds: number): void => {
    seconds.set(id, (seconds.get(id) ?? 0) + cpuSeconds);
    usage.busySeconds = (usage.busySeconds ?? 0) + cpuSeconds;
  };
  const observe = (): Record<string, number> =>
    Object.fromEntries(observer.observe(usage).map(({ id, cpuSeconds }) => [id, cpuSeconds]));
  return { usage, observer, work, observe, self, gateway, told };
}

const replica = (id: string, name: string, pid = 1): AccountedReplica => ({
  id,
  function: name,
  pid,
  group: undefined,
});

/** One that nobody can read. */
const unread = (id: string, name: string): AccountedReplica => ({ ...replica(id, name), pid: undefined });

describe('who uses the processor', () => {
  it('is a function however many replicas it has, the gateway, and the rest', () => {
    const { usage, observer, work, observe, self, gateway } = machine();
    observer.started(replica('a1', 'a', 10));
    observer.started(replica('a2', 'a', 20));
    observer.started(replica('b1', 'b', 30));
    expect(observe()).toEqual({ 'fn:a': 0, 'fn:b': 0, 'control-plane': 0, os: 0 });
    work('a1', 1);
    work('a2', 2);
    work('b1', 0.5);
    gateway.seconds = 0.25;
    self.seconds = 0.125;
    usage.busySeconds = 5;
    expect(observe()).toEqual({ 'fn:a': 3, 'fn:b': 0.5, 'control-plane': 0.25, os: 5 - 3.875 });
    // What the gateway started itself is the gateway: neither a replica nor the account.
    expect(gateway.helpers).toEqual([11]);
  });

  it('keeps what replicas used that are gone, and what they used last', () => {
    const { observer, work, observe, told } = machine();
    observer.started(replica('a1', 'a'));
    observe();
    work('a1', 1);
    observe();
    work('a1', 0.5);
    observer.ended('a1');
    work('a1', 7);
    expect(observe()['fn:a']).toBe(1.5);
    expect(told).toEqual(['closed a1']);
    // Nothing more is said of it until it is there again; its figure goes on.
    expect(observe()).not.toHaveProperty('fn:a');
    observer.started(replica('a2', 'a'));
    work('a2', 1);
    expect(observe()['fn:a']).toBe(2.5);
  });

  it('knows of a replica that came and went between two looks', () => {
    const { observer, work, observe } = machine();
    observe();
    observer.started(replica('a1', 'a'));
    work('a1', 0.75);
    observer.ended('a1');
    expect(observe()['fn:a']).toBe(0.75);
    // Where nothing can be read of it, what is told at its end is all there is.
    observer.started(unread('c1', 'c'));
    observer.ended('c1', 0.5);
    expect(observe()['fn:c']).toBe(0.5);
  });

  it('believes what is told at the end when it is more than was read', () => {
    const { observer, work, observe } = machine();
    observer.started(replica('a1', 'a'));
    work('a1', 1);
    observe();
    observer.ended('a1', 1.25);
    expect(observe()['fn:a']).toBe(1.25);
    observer.ended('a1', 9);
    expect(observe()).not.toHaveProperty('fn:a');
  });

  it('does not count what a replica used before it took over', () => {
    const { observer, work, observe } = machine();
    work('a1', 100);
    observer.started(replica('a1', 'a'), false);
    expect(observe()['fn:a']).toBe(0);
    work('a1', 1);
    observer.ended('a1', 101);
    expect(observe()['fn:a']).toBe(1);
  });

  it('goes over to the process of a replica when that gets known, and counts nothing twice', () => {
    const { observer, work, observe } = machine();
    observer.started(unread('a1', 'a'));
    work('a1', 1);
    observer.started(replica('a1', 'a', 10));
    work('a1', 2);
    expect(observe()['fn:a']).toBe(3);
    observer.started(replica('a1', 'a', 10));
    work('a1', 4);
    expect(observe()['fn:a']).toBe(7);
    observer.ended('a1');
    expect(observer.replicas).toBe(0);
  });

  it('never lets the rest fall, though figures are read one after another', () => {
    const { usage, observer, work, observe } = machine();
    observer.started(replica('a1', 'a'));
    observe();
    usage.busySeconds = 1;
    expect(observe().os).toBe(1);
    work('a1', 2);
    usage.busySeconds = 2;
    expect(observe().os).toBe(1);
    usage.busySeconds = 3.5;
    expect(observe().os).toBe(1.5);
  });

  it('says nothing of the rest where nobody knows how busy the machine is', () => {
    const { usage, observe } = machine();
    usage.busySeconds = undefined;
    expect(observe()).toEqual({ 'control-plane': 0 });
  });

  it('lets go of everything', () => {
    const { observer, told } = machine();
    observer.started(replica('a1', 'a'));
    observer.close();
    expect(told).toEqual(['closed a1', 'closed gateway']);
  });
});
