import { afterEach, describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import { FakeProcesses } from '../testing/processes.js';
import { BURN, Script, timesIn } from '../testing/script.js';
import { fixtureHost } from '../testing/tree.js';
import { HelpedProcess } from './helped-process.js';

const scripts: Script[] = [];
afterEach(async () => {
  for (const script of scripts.splice(0)) await script.stop();
});

/** A server (pid 10) with two children; the clock of these processes ticks a hundred times a second. */
function server() {
  const host = fixtureHost({ 'proc/uptime': '1000.00 900.00\n' });
  const processes = new FakeProcesses(host.root);
  processes.set({ pid: 10, utime: 100, stime: 50, start: 5 });
  processes.set({ pid: 11, ppid: 10, utime: 30, cutime: 10, start: 6 });
  processes.set({ pid: 12, ppid: 10, utime: 1000, start: 7 });
  processes.children(10, 11, 12);
  return { processes, helped: new HelpedProcess(host, 10) };
}

const notTwelve = (pid: number): boolean => pid !== 12;

describe('a process with its helpers', () => {
  it('is itself, and of its children those that help it', () => {
    const { helped } = server();
    expect(helped.cpuSeconds(() => false)).toBe(1.5);
    expect(helped.cpuSeconds(notTwelve)).toBeCloseTo(1.9, 9);
    helped.close();
  });

  it('keeps what helpers used that are gone, and takes a new one for another', () => {
    const { processes, helped } = server();
    helped.cpuSeconds(notTwelve);
    processes.end(11);
    processes.children(10, 12);
    expect(helped.cpuSeconds(notTwelve)).toBeCloseTo(1.9, 9);
    processes.set({ pid: 11, ppid: 10, utime: 5, start: 90 });
    processes.children(10, 11, 12);
    expect(helped.cpuSeconds(notTwelve)).toBeCloseTo(1.95, 9);
    // The same pid again, between two looks.
    processes.set({ pid: 11, ppid: 10, utime: 1, start: 95 });
    expect(helped.cpuSeconds(notTwelve)).toBeCloseTo(1.96, 9);
  });

  it('stands still once it has ended, also when another has its pid', () => {
    const { processes, helped } = server();
    const last = helped.cpuSeconds(notTwelve);
    processes.end(10);
    expect(helped.cpuSeconds(notTwelve)).toBe(last);
    processes.set({ pid: 10, utime: 9999, start: 99 });
    expect(helped.cpuSeconds(notTwelve)).toBe(last);
  });

  it('of a real process agrees with what that says itself', async () => {
    const script = new Script(`${BURN} burn 60000; times; read _`);
    scripts.push(script);
    const helped = new HelpedProcess(createHost({ log: silentLogger }), script.pid);
    const { own } = timesIn([await script.line()]);
    const alone = helped.cpuSeconds(() => false);
    expect(Math.abs(alone - own)).toBeLessThan(0.06);
    script.go();
    await script.ended;
    expect(helped.cpuSeconds(() => false)).toBeGreaterThanOrEqual(alone);
    helped.close();
  });
});
