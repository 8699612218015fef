import { createHost, createLogger, type Host } from '../../base/index.js';
import { allSources, type CpuScope, Meter, type Source } from '../../meter/index.js';
import { type AbsentMethod, SOURCE_NAMES, type SourceName } from '../../model/index.js';
import { MemoryPeak } from './memory-peak.js';
import type { SetUp } from './protocol.js';
import {
  childrenClock,
  groupReader,
  rusageReader,
  sourceReaders,
  type UsageReader,
  workerScope,
} from './usage-readers.js';

/** What a worker reads around every invocation. */
export interface WorkerSources {
  readonly meter: Meter;
  readonly scope: CpuScope;
  readonly readers: readonly UsageReader[];
  readonly absent: readonly AbsentMethod[];
  readonly peak: MemoryPeak;
  /** CPU seconds of commands that have ended: when they grow, there were some. */
  readonly commandSeconds: () => number;
}

/** Usage by /proc takes many files and says what getrusage says in a microsecond: it is read when it is asked for by name. */
const ONLY_BY_NAME: readonly SourceName[] = ['proc'];

/**
 * What can be read in microseconds, from memory or a kernel file: cheap enough for every worker and every invocation. The
 * client has the rest, once for all workers: programs in the kernel, instruments that are polled.
 */
const isCheap = (source: Source): boolean =>
  source.yields === 'energy' ? source.instant : source.name !== 'ebpf';

/** Opens what is read in this worker. What is not, and why, is in `absent`. */
export async function openSources(setUp: SetUp): Promise<WorkerSources> {
  const { settings, sysfs, procfs } = setUp;
  const host = createHost({ sysfs, procfs, log: createLogger(settings.log_level) });
  const scope = workerScope();
  const common = { peak: new MemoryPeak(setUp.group?.memory), commandSeconds: childrenClock() };
  if (settings.compute.meter) return { ...(await openAll(host, setUp, scope)), ...common };
  const meter = await Meter.open(host, []);
  const absent = SOURCE_NAMES.map((name) => ({ name, reason: 'the meter is off (compute.meter)' }));
  return { meter, scope, readers: [rusageReader(scope)], absent, ...common };
}

async function openAll(
  host: Host,
  setUp: SetUp,
  scope: CpuScope,
): Promise<Omit<WorkerSources, 'peak' | 'commandSeconds'>> {
  const { methods: asked } = setUp.settings.meter;
  const methods = asked ?? SOURCE_NAMES.filter((name) => !ONLY_BY_NAME.includes(name));
  const cheap = allSources(host, setUp.settings).filter(isCheap);
  // A worker has a group of its own to read; the source would look through all groups of the machine.
  const meter = await Meter.open(
    host,
    cheap.filter(({ name }) => name !== 'cgroup'),
    { methods },
  );
  const group = methods.includes('cgroup') ? groupReader(host, setUp.group) : undefined;
  const readers = [rusageReader(scope), ...sourceReaders(meter), ...(group ? [group] : [])];
  const absent: AbsentMethod[] = meter.absent.map(({ name, reason }) => ({ name, reason }));
  const told = new Set<string>([
    ...readers.map(({ method }) => method),
    ...meter.energySources.map(({ name }) => name),
    ...absent.map(({ name }) => name),
  ]);
  for (const { name } of cheap) {
    if (!told.has(name)) absent.push({ name, reason: whyLeftOut(name, methods, asked !== undefined) });
  }
  return { meter, scope, readers, absent };
}

function whyLeftOut(name: SourceName, methods: readonly SourceName[], isAsked: boolean): string {
  if (!methods.includes(name)) {
    return isAsked
      ? 'it is not among meter.methods'
      : 'it costs more than rusage and says the same; name it in meter.methods to have it';
  }
  return name === 'cgroup' ? 'the worker has no control group of its own' : 'it cannot follow a process here';
}
