import type { CpuIdentity, Settings } from '../../model/index.js';
import { VCPU_SOURCE } from './architectures.js';
import { type CpuMatch, type MatchKind, matchCpu } from './cpu-match.js';
import { curveShape, FULL_FRACTION, IDLE_FRACTION, linearShape } from './load-curve.js';
import type { PowerModel } from './power-model.js';

type TdpSettings = Settings['sources']['tdp'];

/** What the estimate goes by, for people. */
export interface TdpRow {
  /** Design power of one processor package; of the cores that are seen, where no more than the generation is known. */
  readonly watts: number;
  /** The row of the table, the generation, or `settings`. */
  readonly row: string;
  readonly source: string;
  /** True where nothing is known of this processor and a stated default is assumed. */
  readonly isDefault: boolean;
}

export interface Estimate {
  readonly tdp: TdpRow;
  readonly model: PowerModel;
  readonly uncertainty: number;
  /** How the figure comes about, in words. */
  readonly note: string;
}

export interface EstimateContext {
  readonly isVirtual?: boolean;
  /** The firmware's sys_vendor. */
  readonly systemVendor?: string;
  readonly settings?: TdpSettings;
}

/**
 * Relative standard uncertainty. A load curve of servers in general misses a server in particular by a quarter: its idle
 * states, frequency and instruction mix are not in it. A virtual machine's share of its host adds to that. Models of a
 * generation differ among themselves by a third in watts a core; over all processors by more than half.
 */
const UNCERTAINTY: Readonly<Record<MatchKind, number>> = { model: 0.25, generation: 0.35, default: 0.5 };
const VIRTUAL_MODEL_UNCERTAINTY = 0.3;

const asRow = ({ watts, row, source, kind }: CpuMatch): TdpRow => ({
  watts,
  row,
  source,
  isDefault: kind === 'default',
});

/** The design power of one package of this processor, and where that is from. */
export function tdpRow(identity: CpuIdentity, context: EstimateContext = {}): TdpRow {
  const watts = context.settings?.watts;
  if (watts !== undefined) return { watts, row: 'settings', source: 'sources.tdp.watts', isDefault: false };
  return asRow(matchCpu(identity, context.systemVendor));
}

function bareMetal(identity: CpuIdentity, match: CpuMatch, tdp: TdpRow, idle: number | undefined): Estimate {
  const sockets = Math.max(1, identity.sockets);
  const idleWatts = idle ?? match.idleWatts ?? IDLE_FRACTION * tdp.watts;
  // Rows with an idle figure were measured at full load too; others are design power, which full load exceeds a little.
  const fullWatts =
    match.idleWatts !== undefined && tdp.row !== 'settings' ? tdp.watts : FULL_FRACTION * tdp.watts;
  const logicalCpus = Math.max(1, identity.coresLogical);
  return {
    tdp,
    model: { idleWatts: sockets * idleWatts, fullWatts: sockets * fullWatts, logicalCpus, shape: curveShape },
    uncertainty: UNCERTAINTY[match.kind],
    note: `${sockets > 1 ? `${sockets} × ` : ''}${tdp.row}: ${tdp.watts.toFixed(0)} W by ${tdp.source}`,
  };
}

function virtual(identity: CpuIdentity, match: CpuMatch, tdp: TdpRow, context: EstimateContext): Estimate {
  const vcpus = Math.max(1, identity.coresLogical);
  const { watts, idle_watts: idle, cores } = context.settings ?? {};
  const isOwn = watts !== undefined || idle !== undefined || cores !== undefined;
  const coefficients = isOwn ? undefined : match.architecture?.vcpu;
  const threads = Math.max(1, (cores ?? match.cores) * match.threads);
  const min = coefficients?.min ?? (idle ?? match.idleWatts ?? IDLE_FRACTION * tdp.watts) / threads;
  const max = coefficients?.max ?? (FULL_FRACTION * tdp.watts) / threads;
  const basis = coefficients
    ? `${tdp.row}, ${VCPU_SOURCE}`
    : `${vcpus} of ${threads} threads of ${tdp.row}, ${tdp.watts.toFixed(0)} W by ${tdp.source}`;
  return {
    tdp,
    model: { idleWatts: vcpus * min, fullWatts: vcpus * max, logicalCpus: vcpus, shape: linearShape },
    uncertainty: match.kind === 'model' ? VIRTUAL_MODEL_UNCERTAINTY : UNCERTAINTY[match.kind],
    note: `virtual machine: its share of the host by vCPUs, ${vcpus} × ${min.toFixed(2)} to ${max.toFixed(2)} W (${basis})`,
  };
}

/** The model of power of a machine that has no counter. */
export function estimateFor(identity: CpuIdentity, context: EstimateContext = {}): Estimate {
  const { settings, isVirtual = false } = context;
  const found = matchCpu(identity, context.systemVendor);
  // Someone who states the power knows the machine; what is left to estimate is the curve.
  const match: CpuMatch = settings?.watts === undefined ? found : { ...found, kind: 'model' };
  const tdp = tdpRow(identity, context);
  return isVirtual
    ? virtual(identity, match, tdp, context)
    : bareMetal(identity, match, tdp, settings?.idle_watts);
}
