import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeProcesses } from '../testing/processes.js';
import { fixtureHost } from '../testing/tree.js';
import { OwnChildren } from './own-children.js';
import { ProcessReader } from './process-reader.js';
import { ProcessTable } from './process-table.js';
import { ProcessTree } from './process-tree.js';

const NOW = 5000;
const INIT = 1;
const ROOT = 2;

interface Task {
  readonly start: number;
  ppid: number;
  own: number;
  waited: number;
}

/** A machine whose processes fork, work and end as Linux lets them: whoever waits for a child gets its time. */
class Machine {
  readonly #files: FakeProcesses;
  readonly #tasks = new Map<number, Task>();
  #clock = NOW;
  /** Ticks worked since the start, of everyone and of what descends from ROOT by birth. */
  worked = 0;
  workedInTree = 0;
  readonly #inTree = new Set([ROOT]);
  readonly #freePids: number[] = [];
  #nextPid = 10;

  constructor(files: FakeProcesses) {
    this.#files = files;
    for (const [pid, ppid] of [
      [INIT, 0],
      [ROOT, INIT],
      [3, INIT],
    ] as const) {
      this.#tasks.set(pid, { start: 100, ppid, own: 40, waited: 20 });
    }
    this.write();
  }

  #pick(choice: number): number {
    const pids = [...this.#tasks.keys()];
    return pids[choice % pids.length] ?? INIT;
  }

  fork(choice: number): void {
    const ppid = this.#pick(choice);
    // A freed pid comes back at once: the hardest case.
    const pid = this.#freePids.pop() ?? this.#nextPid++;
    this.#tasks.set(pid, { start: ++this.#clock, ppid, own: 0, waited: 0 });
    if (this.#inTree.has(ppid)) this.#inTree.add(pid);
    else this.#inTree.delete(pid);
  }

  work(choice: number, ticks: number): void {
    const pid = this.#pick(choice);
    const task = this.#tasks.get(pid);
    if (!task) return;
    task.own += ticks;
    this.worked += ticks;
    if (this.#inTree.has(pid)) this.workedInTree += ticks;
  }

  end(choice: number, isWaitedFor: boolean): void {
    const pid = this.#pick(choice);
    const task = this.#tasks.get(pid);
    if (!task || pid <= 3) return;
    const parent = this.#tasks.get(task.ppid);
    if (parent && isWaitedFor) parent.waited += task.own + task.waited;
    for (const other of this.#tasks.values()) if (other.ppid === pid) other.ppid = INIT;
    this.#tasks.delete(pid);
    this.#freePids.push(pid);
    this.#files.end(pid);
  }

  write(): void {
    for (const [pid, { own, waited, start, ppid }] of this.#tasks) {
      this.#files.set({ pid, ppid, start, utime: own, cutime: waited });
    }
  }
}

const operation = fc.oneof(
  fc.record({ do: fc.constant('fork' as const), who: fc.nat(), ticks: fc.constant(0) }),
  fc.record({ do: fc.constant('work' as const), who: fc.nat(), ticks: fc.nat({ max: 300 }) }),
  fc.record({ do: fc.constantFrom('end' as const, 'vanish' as const), who: fc.nat(), ticks: fc.constant(0) }),
  fc.record({ do: fc.constant('look' as const), who: fc.constant(0), ticks: fc.constant(0) }),
);

function play(
  operations: readonly { do: string; who: number; ticks: number }[],
  look: () => void,
  machine: Machine,
): void {
  for (const step of operations) {
    if (step.do === 'fork') machine.fork(step.who);
    else if (step.do === 'work') machine.work(step.who, step.ticks);
    else if (step.do === 'look') look();
    else machine.end(step.who, step.do === 'end');
    machine.write();
  }
  look();
}

describe('accounting, over any history of a machine', () => {
  it('of all processes never exceeds what was worked, never shrinks, and with looks often enough misses nothing', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), fc.boolean(), (operations, looksAlways) => {
        const host = fixtureHost({ 'proc/uptime': '50.00 90.00\n' });
        const machine = new Machine(new FakeProcesses(host.root));
        const table = new ProcessTable(new ProcessReader(host));
        const known = new Map<string, number>();
        const look = (): void => {
          for (const { process, usage, unseenChildrenCpuSeconds = 0 } of table.scan()) {
            const key = `${process.pid}@${process.startTicks}`;
            const seconds = usage.cpuSeconds + unseenChildrenCpuSeconds;
            expect(seconds).toBeGreaterThanOrEqual((known.get(key) ?? 0) - 1e-9);
            known.set(key, seconds);
          }
        };
        const steps = looksAlways
          ? operations.flatMap((step) => [step, { do: 'look', who: 0, ticks: 0 }])
          : operations;
        play(steps, look, machine);
        const sum = [...known.values()].reduce((a, b) => a + b, 0);
        expect(sum).toBeLessThanOrEqual(machine.worked / 100 + 1e-6);
        if (looksAlways) expect(sum).toBeCloseTo(machine.worked / 100, 6);
      }),
      { numRuns: 150 },
    );
  });

  it('of a followed tree never exceeds what was worked, never shrinks, and with looks often enough misses nothing', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), fc.boolean(), (operations, looksAlways) => {
        const host = fixtureHost({});
        const machine = new Machine(new FakeProcesses(host.root));
        const reader = new ProcessReader(host);
        const tree = new ProcessTree({
          reader,
          pid: ROOT,
          nowTicks: NOW,
          ownChildren: new OwnChildren(reader),
        });
        let last = 0;
        const look = (): void => {
          const { cpuSeconds } = tree.read();
          expect(cpuSeconds).toBeGreaterThanOrEqual(last);
          last = cpuSeconds;
        };
        const steps = looksAlways
          ? operations.flatMap((step) => [step, { do: 'look', who: 0, ticks: 0 }])
          : operations;
        play(steps, look, machine);
        expect(last).toBeLessThanOrEqual(machine.workedInTree / 100 + 1e-6);
        if (looksAlways) expect(last).toBeCloseTo(machine.workedInTree / 100, 6);
      }),
      { numRuns: 150 },
    );
  });
});
