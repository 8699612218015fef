import { columnSums } from '../maths/index.js';
import type { Trace } from '../model/index.js';
import type { Account } from './account.js';
import { ticksOf } from './account-ticks.js';
import { carbonOf } from './carbon-of-account.js';
import type { Explained } from './disaggregate/explain-power.js';
import { inseparable } from './disaggregate/inseparable.js';
import { explain } from './explain.js';
import { functionAccounts } from './function-accounts.js';
import { marginals } from './marginal/marginals.js';
import { withAccelerator } from './marginal/with-accelerator.js';
import { observe, type Scene } from './observe.js';
import { AttributeMode, type AttributeOptions } from './options.js';
import { provenanceOf } from './provenance.js';
import { replay } from './replay/replay.js';
import { buildRows } from './rows/build-rows.js';
import { rowFindings } from './rows/rows-findings.js';
import { sampledRows } from './sensor/sampled-rows.js';
import { fairShares } from './shares/fair-shares.js';
import { courseOf } from './tick-account/course.js';
import { tickAccount } from './tick-account/tick-account.js';
import { tickParts } from './tick-account/tick-parts.js';
import { rSquared } from './validation/r-squared.js';
import { validate } from './validation/validate.js';

/** Who used the energy of a machine: from what ran on it and what it drew, an account that adds up. */
export function attribute(trace: Trace, options: AttributeOptions = {}): Account {
  const { mode = AttributeMode.law, tickSeconds = 1 } = options;
  if (mode === AttributeMode.online) return replay(trace, options);
  const scene = observe(trace, options);
  const { observation, response } = scene;
  const ticks = ticksOf(scene, tickSeconds);
  const { start, count } = ticks;
  const { rows, report } = buildRows(trace.invocations, ticks);
  const explained = explain(scene, trace, mode);
  const { fit, loads } = explained.chosen;
  const idleWatts = mode === AttributeMode.full ? 0 : fit.law.idleWatts;
  const parts = tickParts(rows, {
    law: fit.law,
    loads,
    weights: fit.weights,
    presence: observation.presence,
    steps: observation.occupancy.steps,
    response,
    shared: scene.sharedNames,
    apart: observation.accelerator,
  });
  const carbon = carbonOf(trace, options, count * tickSeconds);
  const settled = tickAccount({
    parts,
    series: scene.series,
    response,
    idleWatts,
    deviationWatts: Math.sqrt(fit.variance),
    fit: mode === AttributeMode.law,
    ...(carbon.embodiedGrams !== undefined && {
      embodiedGrams: new Float64Array(count).fill(carbon.embodiedGrams / Math.max(1, count)),
    }),
  });
  const shares = fairShares(
    settled.energies,
    options.windowSeconds === undefined ? {} : { windowSeconds: options.windowSeconds },
  );
  const { steps } = observation.occupancy;
  const stepAt = (t: number): number =>
    Math.min(steps.count, Math.max(0, Math.round((t - steps.start) / steps.stepSeconds)));
  const stretch = [stepAt(start), stepAt(start + count * tickSeconds)] as const;
  const alike = inseparable(
    sampledRows(explained.sighting.sampling, loads),
    trace.invocations.functions.length,
  );
  const { functions, groups, places } = functionAccounts({
    trace,
    options,
    explained,
    settled,
    shares,
    groups: alike,
    carbon,
    marginals: withAccelerator(
      marginals(
        observation,
        explained,
        columnSums(rows.column, rows.activations, rows.functionCount),
        stretch,
      ),
      observation,
      stretch,
    ),
  });
  const course = courseOf(settled, shares, places);
  const { watts, acceleratorWatts } = explained.sighting;
  const whole = (values: Float64Array): Float64Array =>
    acceleratorWatts === undefined ? values : values.map((value, i) => value + (acceleratorWatts[i] ?? 0));
  const r2 = rSquared({ measuredWatts: whole(watts), predictedWatts: whole(fit.predicted) });
  return {
    windowSeconds: count * tickSeconds,
    functions,
    groups,
    shares: shares.sums,
    ...(scene.lag.found && {
      lagSeconds: response.delaySeconds + response.smoothingSeconds,
      lagErrorSeconds: scene.lag.errorSeconds,
    }),
    ...idleFigures(scene, explained, mode),
    ...('value' in r2 && { r2: r2.value }),
    ...(trace.truth && {
      validation: validate({ functions, course }, trace.truth, { invocations: trace.invocations }),
    }),
    course,
    findings: [...scene.findings, ...(explained.findings ?? []), ...rowFindings(report), ...settled.findings],
    provenance: provenanceOf(scene, explained, options, functions, groups, carbon),
  };
}

function idleFigures(
  { idle }: Scene,
  { chosen }: Explained,
  mode: AttributeMode,
): Pick<Account, 'idleWatts' | 'idleErrorWatts'> {
  if (idle !== undefined) return { idleWatts: idle.watts, idleErrorWatts: idle.errorWatts };
  if (mode !== AttributeMode.law) return {};
  // Never seen at rest: idle is anywhere between nothing and what is drawn as soon as anything runs.
  const { idleWatts, floorWatts } = chosen.fit.law;
  return { idleWatts, idleErrorWatts: (idleWatts + floorWatts) / Math.sqrt(12) };
}
