import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { RusageOf, resourceUsage } from './rusage.js';

describe.skipIf(process.platform !== 'linux')('resourceUsage', () => {
  it("tells this process's CPU time and memory as Node.js does", () => {
    const before = process.resourceUsage();
    const usage = resourceUsage(RusageOf.self);
    const after = process.resourceUsage();
    const cpu = (of: NodeJS.ResourceUsage): number => (of.userCPUTime + of.systemCPUTime) / 1e6;
    expect(usage.userSeconds + usage.systemSeconds).toBeGreaterThanOrEqual(cpu(before) - 1e-6);
    expect(usage.userSeconds + usage.systemSeconds).toBeLessThanOrEqual(cpu(after) + 1e-6);
    expect(usage.memoryPeakMib * 1024).toBeGreaterThanOrEqual(before.maxRSS);
    expect(usage.memoryPeakMib * 1024).toBeLessThanOrEqual(after.maxRSS);
    expect(usage.minorFaults).toBeGreaterThanOrEqual(before.minorPageFault);
    expect(usage.voluntarySwitches).toBeGreaterThanOrEqual(before.voluntaryContextSwitches);
  });

  it('tells what a child that ended had used, to the microsecond', () => {
    const before = resourceUsage(RusageOf.children);
    const script =
      'const s = process.cpuUsage(); while (process.cpuUsage(s).user < 50_000); console.log(JSON.stringify(process.cpuUsage()))';
    const own = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
    const after = resourceUsage(RusageOf.children);
    const used = after.userSeconds + after.systemSeconds - before.userSeconds - before.systemSeconds;
    expect(used).toBeGreaterThanOrEqual((own.user + own.system) / 1e6);
    expect(after.memoryPeakMib).toBeGreaterThan(1);
    expect(after.minorFaults).toBeGreaterThan(before.minorFaults);
  });

  it('tells a thread from its process', () => {
    const thread = resourceUsage(RusageOf.thread);
    const whole = resourceUsage(RusageOf.self);
    expect(thread.userSeconds + thread.systemSeconds).toBeLessThanOrEqual(
      whole.userSeconds + whole.systemSeconds,
    );
  });
});
