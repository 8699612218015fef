import type { Doing } from '../../run/phase-spans.js';
import type { LegendEntry } from '../../svg/legend.js';
import { functionLook } from '../palette.js';

export interface PhaseLook {
  readonly doing: Doing;
  readonly label: string;
  readonly look: string;
}

/** From the foot of a stack up. */
export const PHASE_LOOKS: readonly PhaseLook[] = [
  { doing: 'compute', label: 'compute', look: functionLook(10) },
  { doing: 'read', label: 'read', look: functionLook(5) },
  { doing: 'write', label: 'write', look: functionLook(1) },
  { doing: 'cold_start', label: 'cold start', look: 'control' },
  { doing: 'other', label: 'between phases', look: 'others' },
  { doing: 'failed', label: 'went wrong', look: functionLook(11) },
];

export const lookOf = (doing: Doing): string =>
  PHASE_LOOKS.find((each) => each.doing === doing)?.look ?? 'others';

/** What the colours of a picture mean, of those that are in it. */
export const phaseLegend = (shown: ReadonlySet<Doing>): LegendEntry[] =>
  PHASE_LOOKS.filter(({ doing }) => shown.has(doing)).map(({ label, look }) => ({
    label,
    look,
    kind: 'area',
  }));
