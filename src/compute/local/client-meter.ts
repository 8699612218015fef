import { type Host, messageOf } from '../../base/index.js';
import {
  allSources,
  type CpuScope,
  type FollowedTree,
  Meter,
  type Source,
  type Span,
  type UsageSource,
} from '../../meter/index.js';
import {
  type AbsentMethod,
  type EnergyShare,
  type MethodUsage,
  type Settings,
  SOURCE_NAMES,
  type SourceName,
} from '../../model/index.js';
import { usageBetween } from '../usage-between.js';

/** What the client can tell of an invocation, beside what its worker tells. */
export interface ClientFigures {
  readonly usage: readonly MethodUsage[];
  readonly energies: readonly EnergyShare[];
}

/** A worker as the client meters it. */
export interface MeteredWorker {
  /** An invocation begins; what is returned ends it. */
  begin(): () => ClientFigures;
  close(): void;
}

/** Instruments that are asked beside the work: one poll for all workers. */
const isPolled = (source: Source): boolean => source.yields === 'energy' && !source.instant;

/** Methods that are opened once for all workers: programs in the kernel, and instruments that are polled. */
export class ClientMeter {
  /** Those of them that give nothing, and why. */
  readonly absent: readonly AbsentMethod[];
  readonly #ebpf: UsageSource | undefined;
  readonly #polled: Meter | undefined;

  private constructor(
    ebpf: UsageSource | undefined,
    polled: Meter | undefined,
    absent: readonly AbsentMethod[],
  ) {
    this.#ebpf = ebpf;
    this.#polled = polled;
    this.absent = absent;
  }

  static async open(host: Host, settings: Settings): Promise<ClientMeter> {
    if (!settings.compute.meter) return new ClientMeter(undefined, undefined, []);
    const methods = settings.meter.methods ?? SOURCE_NAMES;
    const sources = allSources(host, settings);
    const absent: AbsentMethod[] = [];
    const polled = await openPolled(host, settings, sources, methods, absent);
    const ebpf = await openEbpf(sources, methods, absent);
    return new ClientMeter(ebpf, polled, absent);
  }

  /** Meters a worker's process from now on; `cpuSeconds` tells its CPU time where the kernel programs don't. */
  follow(pid: number, cpuSeconds: () => number | undefined): MeteredWorker {
    const tree = this.#follow(pid);
    const scope: CpuScope = { cpuSeconds: () => tree?.read().cpuSeconds ?? cpuSeconds() ?? 0 };
    return {
      begin: () => {
        const span = this.#polled?.span('invocation', scope);
        const before = tree?.read();
        return () => figures(span, tree, before);
      },
      close: () => tree?.close(),
    };
  }

  async close(): Promise<void> {
    await this.#polled?.close();
    await this.#ebpf?.close();
  }

  #follow(pid: number): FollowedTree | undefined {
    try {
      return this.#ebpf?.follow?.(pid);
    } catch {
      // It has ended already, or there is no place for it in the kernel's tables.
      return undefined;
    }
  }
}

function figures(
  span: Span | undefined,
  tree: FollowedTree | undefined,
  before: MethodUsage['usage'] | undefined,
): ClientFigures {
  return {
    usage: tree && before ? [{ method: 'ebpf', usage: usageBetween(before, tree.read()) }] : [],
    energies: span?.stop().energies ?? [],
  };
}

/** Undefined where no instrument answers. */
async function openPolled(
  host: Host,
  settings: Settings,
  sources: readonly Source[],
  methods: readonly SourceName[],
  absent: AbsentMethod[],
): Promise<Meter | undefined> {
  const polled = sources.filter(isPolled);
  for (const { name } of polled) if (!methods.includes(name)) absent.push({ name, reason: NOT_ASKED });
  const wanted = polled.filter(({ name }) => methods.includes(name));
  const busy = sources.filter(({ name }) => name === 'proc');
  const meter = await Meter.open(host, [...busy, ...wanted], {
    methods: wanted.map(({ name }) => name),
    intervalSeconds: settings.meter.interval_seconds,
  });
  absent.push(...meter.absent.map(({ name, reason }) => ({ name, reason })));
  if (meter.energySources.length > 0) {
    await meter.ready();
    return meter;
  }
  await meter.close();
  return undefined;
}

async function openEbpf(
  sources: readonly Source[],
  methods: readonly SourceName[],
  absent: AbsentMethod[],
): Promise<UsageSource | undefined> {
  const ebpf = sources.find((source) => source.name === 'ebpf');
  if (ebpf?.yields !== 'usage') return undefined;
  if (!methods.includes('ebpf')) {
    absent.push({ name: 'ebpf', reason: NOT_ASKED });
    return undefined;
  }
  try {
    // Opening is the trial: to probe it before would load the programs twice.
    await ebpf.open();
    return ebpf;
  } catch (error) {
    absent.push({ name: 'ebpf', reason: messageOf(error) });
    return undefined;
  }
}

const NOT_ASKED = 'it is not among meter.methods';
