import { type Host, systemCode } from '../../base/index.js';
import type { PerfOptions } from '../native/perf-attributes.js';
import type { OpenPerfGroup, PerfTarget } from '../native/perf-event.js';
import { onlineCpus } from './cpu-list.js';
import {
  CONTEXT_SWITCHES,
  CPU_CLOCK,
  hardwareEvents,
  type Metric,
  type MetricEvent,
  TASK_CLOCK,
} from './events.js';

type Batches = readonly (readonly MetricEvent[])[];

/** What this user may count on this machine, found by trying. */
export interface PerfPlan {
  /** Groups of events for a thread, and how they must be opened. */
  readonly thread: Batches;
  readonly options: PerfOptions;
  /** Groups for a control group on a processor, and for a processor; undefined when they are refused. */
  readonly cgroup: ((cpu: number) => Batches) | undefined;
  readonly machine: ((cpu: number) => Batches) | undefined;
  /** Processors to count on. */
  readonly cpus: readonly number[];
  /** Errno's names: why processors, and why hardware events, can't be counted. */
  readonly processorsRefused?: string;
  readonly hardwareRefused?: string;
}

const SELF: PerfTarget = { pid: 0 };

/** Events as one group, or as several where the processor has too few counters for them at once (EINVAL). */
function packed(open: OpenPerfGroup, events: readonly MetricEvent[]): Batches {
  if (events.length < 2) return events.length === 0 ? [] : [events];
  try {
    open(events, SELF).close();
    return [events];
  } catch (error) {
    if (systemCode(error) !== 'EINVAL') throw error;
  }
  const half = Math.ceil(events.length / 2);
  return [...packed(open, events.slice(0, half)), ...packed(open, events.slice(half))];
}

/** Tries what can be counted. Throws the kernel's error when not even this process's own CPU time can be. */
export function planPerf(host: Host, open: OpenPerfGroup): PerfPlan {
  const attempt = (event: MetricEvent, target: PerfTarget, options?: PerfOptions): string | undefined => {
    try {
      open([event], target, options).close();
      return undefined;
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      return code;
    }
  };
  const cpus = onlineCpus(host);
  const whole = attempt(TASK_CLOCK, SELF);
  if (whole === 'EACCES' || whole === 'EPERM') {
    // Only what runs in user space may be watched. That leaves CPU time, whose clock does not stop in the kernel; cycles
    // without the kernel's, or context switches, which happen there, would be wrong figures.
    open([TASK_CLOCK], SELF, { excludeKernel: true }).close();
    const none = { cgroup: undefined, machine: undefined, cpus };
    const why = { processorsRefused: whole, hardwareRefused: whole };
    return { thread: [[TASK_CLOCK]], options: { excludeKernel: true }, ...none, ...why };
  }
  if (whole !== undefined) open([TASK_CLOCK], SELF).close();

  const batches = hardwareEvents(host);
  const refused = new Map<Metric, string>();
  for (const event of batches.flat()) {
    const why = attempt(event, SELF);
    if (why !== undefined) refused.set(event.metric, why);
  }
  // A metric that one kind of core can't count can't be counted: a thread moves between them.
  const hardware = batches.flatMap((batch) =>
    packed(
      open,
      batch.filter((event) => !refused.has(event.metric)),
    ),
  );
  const hardwareRefused = refused.get('cycles');
  const on = (cpu: number): Batches =>
    hardware.filter((batch) => batch.every((event) => event.cpus?.includes(cpu) ?? true));
  const first = cpus[0];
  const processorsRefused = first === undefined ? 'ENODEV' : attempt(CONTEXT_SWITCHES, { cpu: first });
  const allowed = processorsRefused === undefined;
  return {
    thread: [[TASK_CLOCK, CONTEXT_SWITCHES], ...hardware],
    options: {},
    cgroup: allowed ? (cpu) => [[CPU_CLOCK, CONTEXT_SWITCHES], ...on(cpu)] : undefined,
    machine: allowed ? (cpu) => [[CONTEXT_SWITCHES], ...on(cpu)] : undefined,
    cpus,
    ...(processorsRefused === undefined ? {} : { processorsRefused }),
    ...(hardwareRefused === undefined ? {} : { hardwareRefused }),
  };
}
