import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { systemCode } from '../../base/index.js';
import { NativeError } from './libc.js';
import { PerfType, SoftwareEvent } from './perf-attributes.js';
import { openPerfGroup } from './perf-event.js';
import { RusageOf, resourceUsage } from './rusage.js';

const TASK_CLOCK = { type: PerfType.software, config: SoftwareEvent.taskClock };
const SWITCHES = { type: PerfType.software, config: SoftwareEvent.contextSwitches };

/** Why counters can't be had here, if they can't. */
function refused(): string | undefined {
  try {
    openPerfGroup([TASK_CLOCK, SWITCHES], { pid: 0 }).close();
    return undefined;
  } catch (error) {
    return systemCode(error) ?? String(error);
  }
}

const openCounters = (): number =>
  readdirSync('/proc/self/fd').filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`).includes('[perf_event]');
    } catch {
      return false;
    }
  }).length;

function burn(seconds: number): void {
  const start = process.cpuUsage();
  while (process.cpuUsage(start).user < seconds * 1e6);
}

async function ended(child: ChildProcess): Promise<void> {
  child.stdin?.end('go\n');
  await once(child, 'exit');
}

const childSeconds = (): number => {
  const { userSeconds, systemSeconds } = resourceUsage(RusageOf.children);
  return userSeconds + systemSeconds;
};

describe('NativeError', () => {
  it("speaks as Node.js's own system errors do", () => {
    const error = new NativeError('ioctl', 13);
    expect([error.code, error.message]).toEqual(['EACCES', 'ioctl: EACCES: permission denied']);
    expect(new NativeError('read', 10).code).toBe('ECHILD');
    expect(new NativeError('ioctl', 4242).code).toBe('E4242');
  });
});

const why = refused();

describe.skipIf(why !== undefined)(`openPerfGroup on this kernel${why ? ` (refused: ${why})` : ''}`, () => {
  it('counts events of a thread together, while it is enabled', () => {
    const group = openPerfGroup([TASK_CLOCK, SWITCHES], { pid: 0 }, { disabled: true });
    burn(0.005);
    expect(group.read()).toMatchObject({ enabled: 0n, counts: new BigUint64Array([0n, 0n]) });
    group.enable();
    burn(0.02);
    group.disable();
    const [nanoseconds = 0n] = group.read().counts;
    expect(Number(nanoseconds)).toBeGreaterThan(0.015e9);
    burn(0.005);
    expect(group.read().counts[0]).toBe(nanoseconds);
    group.reset();
    expect(group.read().counts[0]).toBe(0n);
    group.close();
  });

  it('counts children that came and went only when it inherits', async () => {
    const child = spawn('sh', [
      '-c',
      'read go; for i in 1 2 3; do sh -c "i=0; while [ \\$i -lt 30000 ]; do i=\\$((i+1)); done"; done',
    ]);
    const target = { pid: child.pid ?? 0 };
    const alone = openPerfGroup([TASK_CLOCK], target);
    const whole = openPerfGroup([TASK_CLOCK, SWITCHES], target, { inherit: true });
    await ended(child);
    const own = alone.read().counts[0] ?? 0n;
    expect(Number(whole.read().counts[0])).toBeGreaterThan(2 * Number(own));
    alone.close();
    whole.close();
  });

  it('waits for exec when told to', async () => {
    const before = childSeconds();
    const child = spawn('sh', [
      '-c',
      'read go; i=0; while [ $i -lt 150000 ]; do i=$((i+1)); done; exec true',
    ]);
    const group = openPerfGroup(
      [TASK_CLOCK, SWITCHES],
      { pid: child.pid ?? 0 },
      { disabled: true, enableOnExec: true },
    );
    await ended(child);
    const counted = Number(group.read().counts[0]) / 1e9;
    expect(counted).toBeGreaterThan(0);
    expect(counted).toBeLessThan((childSeconds() - before) / 4);
    group.close();
  });

  it('says what the kernel says, and leaves nothing open when a member is refused', () => {
    const before = openCounters();
    const none = { type: PerfType.software, config: 4242n };
    expect(() => openPerfGroup([TASK_CLOCK, none], { pid: 0 })).toThrow(
      expect.objectContaining({ code: 'ENOENT' }),
    );
    expect(() => openPerfGroup([TASK_CLOCK], { pid: 2 ** 22 + 1 })).toThrow(
      expect.objectContaining({ code: 'ESRCH' }),
    );
    expect(openCounters()).toBe(before);
  });

  it('lets go of its descriptors once', () => {
    const before = openCounters();
    const group = openPerfGroup([TASK_CLOCK, SWITCHES], { pid: 0 });
    expect(openCounters()).toBe(before + 2);
    group.close();
    group.close();
    expect(openCounters()).toBe(before);
  });
});
