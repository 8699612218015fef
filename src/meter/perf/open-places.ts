import { ErrorCode, type Host, systemCode, WattloopError } from '../../base/index.js';
import type { OpenPerfGroup, PerfTarget } from '../native/perf-event.js';
import type { MetricEvent } from './events.js';
import { Place } from './place.js';
import type { PerfPlan } from './plan.js';
import { processesOfTree, threadsOf } from './process-tree.js';

/** How often a tree is taken up afresh because it had children meanwhile, before its events are opened one by one. */
const ATTEMPTS = 5;

/** Opens a place for each of `among`; those that are gone meanwhile (`gone` is errno's name) are left out. */
function openEach<Key>(among: readonly Key[], gone: string, open: (key: Key) => Place): Place[] {
  const places: Place[] = [];
  for (const key of among) {
    try {
      places.push(open(key));
    } catch (error) {
      if (systemCode(error) === gone) continue;
      for (const place of places) place.close();
      throw error;
    }
  }
  return places;
}

function openThreads(host: Host, open: OpenPerfGroup, plan: PerfPlan, pid: number, single: boolean): Place[] {
  const batches = single ? plan.thread.flat().map((event) => [event]) : plan.thread;
  const options = { ...plan.options, inherit: true };
  const threads = threadsOf(host, processesOfTree(host, pid));
  const places = openEach(threads, 'ESRCH', (tid) => new Place(open, batches, { pid: tid }, options));
  try {
    for (const place of places) place.read();
  } catch (error) {
    for (const place of places) place.close();
    throw error;
  }
  return places;
}

/** Errno's names for a group that could not be opened or read because its thread had a child meanwhile. */
const DISTURBED: readonly (string | undefined)[] = ['ECHILD', 'EINVAL', 'ENODEV'];

/**
 * The counters of each thread of a process tree; what those threads create from then on is counted with them.
 *
 * A child that is created while its parent's group is half open gets half a group: the kernel then refuses to add the
 * rest (EINVAL, ENODEV) or to read it (ECHILD). By that time the child can be seen, so that the tree is taken up again. Single
 * events can't be half open. A child of a running process may still be missed when it is created between the listing and
 * the opening: better than counted twice. A process that has not begun its work has none.
 */
export function openTree(host: Host, open: OpenPerfGroup, plan: PerfPlan, pid: number): Place[] {
  for (let attempt = 1; ; attempt++) {
    try {
      const places = openThreads(host, open, plan, pid, attempt > ATTEMPTS);
      if (places.length > 0) return places;
    } catch (error) {
      if (attempt > ATTEMPTS || !DISTURBED.includes(systemCode(error))) throw error;
      continue;
    }
    throw new WattloopError(ErrorCode.notFound, 'no such process', {
      remedy: 'Follow a process while it lives',
    });
  }
}

/** The counters of each processor, for all that runs there or for a control group. */
export function openProcessors(
  open: OpenPerfGroup,
  cpus: readonly number[],
  batches: (cpu: number) => readonly (readonly MetricEvent[])[],
  target: (cpu: number) => PerfTarget,
): Place[] {
  // ENODEV: a processor that was switched off since it was listed.
  return openEach(cpus, 'ENODEV', (cpu) => new Place(open, batches(cpu), target(cpu)));
}
