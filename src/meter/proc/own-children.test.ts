import { describe, expect, it } from 'vitest';
import { FakeProcesses } from '../testing/processes.js';
import { fixtureHost } from '../testing/tree.js';
import { OwnChildren } from './own-children.js';
import { ProcessReader } from './process-reader.js';
import { TrackedProcess } from './tracked-process.js';

const SELF = 100;

/** Wattloop is process 100; what it has waited for is told exactly, or by its stat file in ticks of 10 ms. */
function follow(exact?: () => number) {
  const host = fixtureHost({ 'proc/self': { link: String(SELF) } });
  const processes = new FakeProcesses(host.root);
  const self = (ticks: number): void => {
    processes.set({ pid: SELF, cutime: ticks });
    host.clock.advance(1);
  };
  self(0);
  return { processes, self, children: new OwnChildren(new ProcessReader(host), exact) };
}

function child(pid: number): TrackedProcess {
  const process = new TrackedProcess(pid, 1000, { own: 0, waited: 0 });
  process.ppid = SELF;
  return process;
}

describe('OwnChildren', () => {
  it('gives a followed child what it used after its last reading', () => {
    const { processes, self, children } = follow();
    processes.set({ pid: 7, ppid: SELF });
    const process = child(7);
    children.follow(process);
    process.update(0.05, 0);
    processes.end(7);
    self(20);
    expect(children.claim(process)).toBeCloseTo(0.15);
  });

  it('does not give it what other children used before it was followed', () => {
    const { processes, self, children } = follow();
    self(50);
    processes.set({ pid: 7, ppid: SELF });
    const process = child(7);
    children.follow(process);
    processes.end(7);
    self(51);
    expect(children.claim(process)).toBeCloseTo(0.01);
  });

  it('takes the exact figure where there is one, not whole ticks', () => {
    let waited = 0.0123;
    const { processes, self, children } = follow(() => waited);
    processes.set({ pid: 7, ppid: SELF });
    const process = child(7);
    children.follow(process);
    processes.end(7);
    waited += 0.0011;
    self(2);
    expect(children.claim(process)).toBeCloseTo(0.0011, 9);
  });
});
