import { RusageOf, resourceUsage } from '../native/rusage.js';
import type { ChildrenUsage } from './run-once.js';

/** What children of this process used that have ended, by getrusage: exact, and there when nothing else is. */
export function childrenUsage(): ChildrenUsage {
  const { userSeconds, systemSeconds, memoryPeakMib } = resourceUsage(RusageOf.children);
  return { cpuSeconds: userSeconds + systemSeconds, memoryPeakMib };
}
