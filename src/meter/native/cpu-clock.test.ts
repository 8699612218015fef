import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { processCpuSeconds, threadCpuSeconds } from './cpu-clock.js';

describe.skipIf(process.platform !== 'linux')('the CPU clock of a task', () => {
  it("runs with this process's CPU time, and a thread's within it", () => {
    const usage = process.cpuUsage();
    const seconds = processCpuSeconds(0);
    expect(seconds).toBeGreaterThanOrEqual((usage.user + usage.system) / 1e6 - 1e-6);
    expect(processCpuSeconds(process.pid)).toBeGreaterThanOrEqual(seconds);
    expect(threadCpuSeconds(0)).toBeLessThanOrEqual(processCpuSeconds(0));
    expect(threadCpuSeconds(0)).toBeGreaterThan(0);
  });

  it('can be read of another process while it lives, and no longer', async () => {
    const script =
      'const s = process.cpuUsage(); while (process.cpuUsage(s).user < 50_000); console.log("done")';
    const child = spawn(process.execPath, ['-e', `${script}; setInterval(() => {}, 1e6)`]);
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    expect(processCpuSeconds(pid)).toBeGreaterThanOrEqual(0.05);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(() => processCpuSeconds(pid)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
  });
});
