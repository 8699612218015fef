import type { CpuIdentity } from '../../model/index.js';
import { type Architecture, architectureByName, architectureByNumbers } from './architectures.js';
import { CPU_TABLE, medianWattsPerCore, normaliseModel, rowByName } from './cpu-table.js';
import { ARM_ROWS, type ArmRow } from './table/arm.js';
import { clientClass } from './table/client-classes.js';

/** How sure one can be that a figure is this processor's own. */
export type MatchKind = 'model' | 'generation' | 'default';

/** What is known, or assumed, of one processor package. */
export interface CpuMatch {
  readonly kind: MatchKind;
  /** The row, the generation, or what was assumed: for people. */
  readonly row: string;
  readonly source: string;
  readonly cores: number;
  readonly watts: number;
  readonly idleWatts?: number;
  /** Threads of one core: how many vCPUs a core gives. */
  readonly threads: number;
  readonly architecture?: Architecture;
}

const perSocket = (identity: CpuIdentity): number =>
  Math.max(1, identity.coresPhysical / Math.max(1, identity.sockets));

const isX86 = ({ architecture }: CpuIdentity): boolean => architecture === 'x64' || architecture === 'ia32';

/** Boards and desktops say nothing of servers and the other way round; but of an unknown machine nothing else is known. */
const DEFAULT_WATTS_PER_CORE = {
  x86: medianWattsPerCore(CPU_TABLE) ?? 0,
  other: medianWattsPerCore(ARM_ROWS.filter(({ core }) => core !== undefined)) ?? 0,
};

function byName(identity: CpuIdentity): CpuMatch | undefined {
  const row = rowByName(identity.model);
  if (row === undefined) return undefined;
  const architecture = architectureByName(row.architecture);
  const { model, cores, watts, source } = row;
  const threads = architecture?.threads ?? Math.max(1, identity.coresLogical / identity.coresPhysical);
  return { kind: 'model', row: model, source, cores, watts, threads, ...(architecture && { architecture }) };
}

function matches(row: ArmRow, identity: CpuIdentity, systemVendor: string): boolean {
  const { core, board, systemVendor: vendor } = row;
  if (core && (core[0] !== identity.implementer || core[1] !== identity.part)) return false;
  if (board && !board.test(identity.board ?? '')) return false;
  return vendor?.test(systemVendor) ?? true;
}

function byArmCore(identity: CpuIdentity, systemVendor: string): CpuMatch | undefined {
  const row = ARM_ROWS.find((candidate) => matches(candidate, identity, systemVendor));
  if (row === undefined) return undefined;
  const { model, source, cores, watts, idleWatts } = row;
  const kind = row.isInferred ? 'generation' : 'model';
  return {
    kind,
    row: model,
    source,
    cores,
    watts,
    threads: 1,
    ...(idleWatts !== undefined && { idleWatts }),
  };
}

function byGeneration(identity: CpuIdentity): CpuMatch | undefined {
  const { vendor, family, modelNumber, stepping } = identity;
  const architecture = architectureByNumbers(vendor, family, modelNumber, stepping);
  if (architecture === undefined) return undefined;
  const siblings = CPU_TABLE.filter((row) => row.architecture === architecture.name);
  const perCore = medianWattsPerCore(siblings);
  if (perCore === undefined) return undefined;
  const cores = perSocket(identity);
  return {
    kind: 'generation',
    row: architecture.name,
    source: `median of this table's ${siblings.length} models of the generation: ${perCore.toFixed(2)} W a core`,
    cores,
    watts: perCore * cores,
    threads: architecture.threads,
    architecture,
  };
}

function byClass(identity: CpuIdentity): CpuMatch | undefined {
  const found = clientClass(normaliseModel(identity.model));
  if (found === undefined) return undefined;
  const { family, suffixes, watts, source } = found;
  const threads = Math.max(1, identity.coresLogical / identity.coresPhysical);
  const row = `${family} …${suffixes[0]?.toUpperCase() ?? ''}`;
  return { kind: 'generation', row, source, cores: perSocket(identity), watts, threads };
}

function byDefault(identity: CpuIdentity): CpuMatch {
  const perCore = isX86(identity) ? DEFAULT_WATTS_PER_CORE.x86 : DEFAULT_WATTS_PER_CORE.other;
  const cores = perSocket(identity);
  return {
    kind: 'default',
    row: 'default',
    source: `median of this table's ${isX86(identity) ? 'x86' : 'ARM server'} processors: ${perCore.toFixed(2)} W a core`,
    cores,
    watts: perCore * cores,
    threads: isX86(identity) ? 2 : 1,
  };
}

/**
 * What the table knows of a processor: its own row, else its generation or class, else the default. `systemVendor` is the
 * firmware's, which tells Amazon's ARM processors from others with the same core.
 */
export function matchCpu(identity: CpuIdentity, systemVendor = ''): CpuMatch {
  return (
    byName(identity) ??
    byArmCore(identity, systemVendor) ??
    byGeneration(identity) ??
    byClass(identity) ??
    byDefault(identity)
  );
}
