import type { Trace } from '../../model/index.js';
import type { Account, AccountProvenance, Finding } from '../account.js';
import { ticksOf } from '../account-ticks.js';
import { type AccountCarbon, carbonOf } from '../carbon-of-account.js';
import { inseparable } from '../disaggregate/inseparable.js';
import { observe, type Scene, spanOf } from '../observe.js';
import type { LoadBasis } from '../online/account-window.js';
import { OnlineAccount } from '../online/online-account.js';
import type { AttributeOptions } from '../options.js';
import { sceneProvenance } from '../provenance.js';
import { rowFindings } from '../rows/rows-findings.js';
import { meanLag, type SensorResponse } from '../sensor/sampling.js';
import { courseOf } from '../tick-account/course.js';
import { rSquared } from '../validation/r-squared.js';
import { validate } from '../validation/validate.js';
import { replayFunctions } from './replay-functions.js';
import { ReplaySums } from './replay-sums.js';
import { replayWindow } from './replay-window.js';
import { windowSlices } from './window-slice.js';

const DEFAULT_UPDATE_SECONDS = 60;

/**
 * The account of a record as a machine that runs would have made it: window by window, by the same account, that knows
 * nothing of what comes. So a live account can be checked by the record of the same time.
 */
export function replay(trace: Trace, options: AttributeOptions): Account {
  const { tickSeconds = 1, updateSeconds = DEFAULT_UPDATE_SECONDS, windowSeconds } = options;
  const scene = observe(trace, options);
  const response = responseOf(scene, tickSeconds);
  const ticks = ticksOf(spanOf(scene.observation.samples, response, tickSeconds), tickSeconds);
  const carbon = carbonOf(trace, options, ticks.count * tickSeconds);
  const { rows, report, whole } = replayWindow(trace, scene, response, ticks, options, carbon);
  const online = new OnlineAccount({
    fillGaps: true,
    ...(windowSeconds !== undefined && { shareSeconds: windowSeconds }),
  });
  const sums = new ReplaySums(rows);
  for (const window of windowSlices(whole, Math.max(1, Math.round(updateSeconds / tickSeconds))))
    sums.take(window, online.advance(window));

  const alike = inseparable({ ...rows, width: rows.functionCount, value: rows.seconds }, rows.functionCount);
  const { functions, groups, places } = replayFunctions({
    trace,
    options,
    rows,
    sums,
    carbon,
    groups: alike,
  });
  const course = courseOf(
    {
      energies: { rows, idleJoules: sums.idleJoules },
      measuredWatts: whole.watts,
      predictedWatts: sums.predictedWatts,
    },
    { entryJoules: sums.entryJoules, controlPlaneCourseJoules: sums.controlPlaneJoules },
    places,
  );
  const invoked = new Set(functions.map(({ name }) => name));
  const r2 = rSquared(course);
  const { lag, idle } = scene;
  return {
    windowSeconds: ticks.count * tickSeconds,
    functions,
    groups,
    shares: sums.shares((name) => invoked.has(name)),
    ...(lag.found && { lagSeconds: meanLag(scene.response), lagErrorSeconds: lag.errorSeconds }),
    ...(idle && { idleWatts: idle.watts, idleErrorWatts: idle.errorWatts }),
    ...('value' in r2 && { r2: r2.value }),
    ...(trace.truth && {
      validation: validate({ functions, course }, trace.truth, { invocations: trace.invocations }),
    }),
    course,
    findings: [
      ...scene.findings,
      ...acceleratorFindings(scene),
      ...rowFindings(report),
      ...gapFindings(sums, ticks.count),
    ],
    provenance: replayProvenance(scene, response, updateSeconds, carbon, sums.basis),
  };
}

/** A running machine's own counters are not late: a lag of less than half a tick is taken for none, as it would be there. */
function responseOf({ lag, response }: Scene, tickSeconds: number): SensorResponse {
  const late = meanLag(response);
  const isGiven = lag.found && lag.from === 'given';
  return { delaySeconds: isGiven || Math.abs(late) >= tickSeconds / 2 ? late : 0, smoothingSeconds: 0 };
}

function acceleratorFindings({ observation }: Scene): Finding[] {
  if (observation.accelerator === undefined) return [];
  const message =
    "the online mode does not tell the accelerator's power apart: it is part of what its users' calls draw";
  return [{ code: 'accelerator-not-apart', message }];
}

function gapFindings(sums: ReplaySums, ticks: number): Finding[] {
  const [filled, left] = [sums.countOf('gaps-filled'), sums.countOf('unmeasured-ticks')];
  return [
    ...(filled > 0
      ? [
          {
            code: 'gaps-filled',
            message: `${filled} of ${ticks} ticks have no measured power: their energy is what the model says`,
            count: filled,
          },
        ]
      : []),
    ...(left > 0
      ? [
          {
            code: 'unmeasured-ticks',
            message: `${left} of ${ticks} ticks have no measured power, and as idle is unknown no energy of theirs is in any figure`,
            count: left,
          },
        ]
      : []),
  ];
}

function replayProvenance(
  scene: Scene,
  response: SensorResponse,
  updateSeconds: number,
  carbon: AccountCarbon,
  basis: LoadBasis,
): Record<string, AccountProvenance> {
  const method = `online, every ${updateSeconds} s: the machine's curve over its load, and how functions differ from it; load in ${basis}`;
  const known = sceneProvenance(scene, carbon);
  const isUndone = meanLag(response) !== 0;
  return {
    power_w: { provenance: 'modelled', method },
    individual_j: { provenance: 'modelled', method },
    floor_j: { provenance: 'modelled', method: 'floor by presence' },
    control_plane_j: { provenance: 'modelled', method: 'by invocations' },
    idle_j: { provenance: 'modelled', method: 'evenly among the functions active in the window' },
    marginal_j: {
      provenance: 'modelled',
      method: 'what the model says without the function, others doing the same in the same time',
      ...(basis === 'calls' && {
        reason: 'processor time by function is not on record: how much less others would run is not known',
      }),
    },
    measured_j: { provenance: 'measured', method: 'system power, gaps filled by the model' },
    ...known,
    ...(!isUndone &&
      known.lag_s && {
        lag_s: { ...known.lag_s, reason: known.lag_s.reason ?? 'less than half a tick: not undone' },
      }),
    ...(scene.idle === undefined && {
      idle_w: {
        provenance: 'modelled',
        method: 'looked for',
        reason:
          'the machine was never seen at rest, and its idle power is not given: what is idle is contained in what work drew',
      },
    }),
  };
}
