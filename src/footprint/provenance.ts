import type { AccountProvenance, FunctionAccount, InseparableGroup } from './account.js';
import type { AccountCarbon } from './carbon-of-account.js';
import type { Explained } from './disaggregate/explain-power.js';
import { type PowerLaw, slopeAt } from './disaggregate/power-law.js';
import type { Scene } from './observe.js';
import { AttributeMode, type AttributeOptions } from './options.js';

const WORK_SHARE = (part: number): string =>
  part === 1
    ? 'work done'
    : part === 0
      ? 'running time'
      : `running time slowed by contention to the power ${part}`;

/** How each figure of an account was got. */
export function provenanceOf(
  scene: Scene,
  { chosen, rivals, method: said }: Explained,
  { mode = AttributeMode.law }: AttributeOptions,
  functions: readonly FunctionAccount[],
  groups: readonly InseparableGroup[],
  carbon: AccountCarbon,
): Record<string, AccountProvenance> {
  const { observation } = scene;
  const { law } = chosen.fit;
  const method =
    said ??
    (mode === AttributeMode.law
      ? `power law over ${chosen.beside ? WORK_SHARE(chosen.part) : 'processor time'}: floor ${law.floorWatts.toFixed(2)} W, half as steep from ${bendAt(law)}; ` +
        `${rivals.length} other laws predict as well${observation.cpu && chosen.beside ? '; processor time counts beside it' : ''}`
      : `non-negative least squares on running time, as published (${mode})`);
  const all: Record<string, AccountProvenance> = {
    power_w: { provenance: 'modelled', method },
    individual_j: { provenance: 'modelled', method },
    floor_j: { provenance: 'modelled', method: 'floor by presence; the bend in proportion to load' },
    control_plane_j: {
      provenance: 'modelled',
      method: 'by invocations',
      ...(observation.shared.width === 0 && {
        reason: 'the trace has no usage of shared principals: their energy is not told apart',
      }),
    },
    idle_j: { provenance: 'modelled', method: 'evenly among the functions active in the window' },
    marginal_j: {
      provenance: 'modelled',
      method: 'what the law says without the function, contention and floor included',
    },
    measured_j: { provenance: 'measured', method: 'system power, gaps filled by the law' },
    ...sceneProvenance(scene, carbon),
  };
  const apart = new Set(groups.flatMap(({ functions }) => functions));
  for (const { name, remark } of functions)
    if (remark !== undefined)
      all[`functions.${name}.${apart.has(name) ? 'marginal_j' : 'individual_j'}`] = {
        provenance: 'estimated',
        method: 'divided by what is usual',
        reason: remark,
      };
  return all;
}

/** How the figures were got that no mode has a part in. */
export function sceneProvenance(
  { lag, drift, idle }: Pick<Scene, 'lag' | 'drift' | 'idle'>,
  carbon: AccountCarbon,
): Record<string, AccountProvenance> {
  return {
    lag_s: lag.found
      ? {
          provenance: lag.from === 'given' ? 'estimated' : 'modelled',
          method:
            lag.from === 'given'
              ? 'as given'
              : `from ${lag.from === 'work' ? 'the work' : 'CPU power'}${drift ? `; as the work begins: it changes by ${(drift.endSeconds - drift.startSeconds).toFixed(2)} s until the end, found in ${drift.windows} windows and undone` : ''}`,
        }
      : { provenance: 'modelled', method: 'looked for', reason: lag.reason },
    idle_w:
      idle === undefined
        ? {
            provenance: 'modelled',
            method: 'found with the law',
            reason:
              'the machine was never seen at rest, and its idle power is not given: what is idle and what is load floor is hardly told apart',
          }
        : idle.from === 'given'
          ? { provenance: 'estimated', method: 'as given' }
          : { provenance: 'measured', method: `mean of ${idle.samples} samples without work` },
    carbon_g: { provenance: 'estimated', method: `grid intensity ${carbon.origin}` },
    embodied_g: {
      provenance: 'estimated',
      method: 'evenly in time and among active functions',
      ...(carbon.embodiedGrams === undefined && { reason: "the machine's embodied emissions are not given" }),
    },
  };
}

/** The load from which on one watt more of it draws half a watt more at most. */
function bendAt(law: PowerLaw): string {
  const full = slopeAt(law, 0);
  let load = 1e-3;
  for (; load < MOST_LOAD && slopeAt(law, load) > full / 2; load *= 1.02);
  return load < MOST_LOAD ? `${load.toPrecision(3)} W of load` : 'no load seen';
}

const MOST_LOAD = 1e6;
