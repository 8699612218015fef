import { readTextIfAny } from '../../base/index.js';
import { RusageOf, resourceUsage } from '../native/rusage.js';

/** What a parent can still read after its children ended. */
export interface ChildrenUsage {
  readonly cpuSeconds: number;
  /** The largest resident set that any child ever had. */
  readonly memoryPeakMib: number;
  /** The most that a child may have had as a copy of this process, before it became a program of its own. */
  readonly copyMib: number;
}

/** What children of this process used that have ended, by getrusage: exact, and there when nothing else is. */
export function childrenUsage(): ChildrenUsage {
  const { userSeconds, systemSeconds, memoryPeakMib } = resourceUsage(RusageOf.children);
  // A forked child begins with its parent's anonymous memory, and the kernel's figure keeps that for good.
  const anonymous = /^RssAnon:\s+(\d+) kB$/m.exec(readTextIfAny('/proc/self/status') ?? '')?.[1];
  const copyMib = anonymous === undefined ? process.memoryUsage.rss() / 1024 ** 2 : Number(anonymous) / 1024;
  return { cpuSeconds: userSeconds + systemSeconds, memoryPeakMib, copyMib };
}

/** CPU seconds of this process's children that have ended and were waited for: one system call. */
export function childrenCpuSeconds(): number {
  const { userSeconds, systemSeconds } = resourceUsage(RusageOf.children);
  return userSeconds + systemSeconds;
}
