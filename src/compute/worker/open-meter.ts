import { createHost, createLogger, type Host } from '../../base/index.js';
import { allSources, type CpuScope, Meter, type Source } from '../../meter/index.js';
import { type AbsentMethod, SOURCE_NAMES, type SourceName } from '../../model/index.js';
import type { SetUp } from './protocol.js';
import { groupReader, rusageReader, sourceReaders, type UsageReader, workerScope } from './usage-readers.js';

/** What a worker reads around every invocation. */
export interface WorkerSources {
  readonly meter: Meter;
  readonly scope: CpuScope;
  readonly readers: readonly UsageReader[];
  readonly absent: readonly AbsentMethod[];
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
  if (settings.compute.meter) return openAll(host, setUp, scope);
  const meter = await Meter.open(host, []);
  const absent = SOURCE_NAMES.map((name) => ({ name, reason: 'the meter is off (compute.meter)' }));
  return { meter, scope, readers: [rusageReader(scope)], absent };
}

async function openAll(host: Host, setUp: SetUp, scope: CpuScope): Promise<WorkerSources> {
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
