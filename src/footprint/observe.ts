import { ErrorCode, WattloopError } from '../errors/index.js';
import type { PowerSeries } from '../maths/index.js';
import type { InvocationTable, PowerTable, Trace } from '../model/index.js';
import type { Finding } from './account.js';
import type { Observation } from './disaggregate/observation.js';
import { refineResponse } from './disaggregate/refine-response.js';
import { noColumns } from './load/beside.js';
import { learnContention } from './load/contention.js';
import { cpuLoads } from './load/cpu-loads.js';
import { occupancyOf } from './load/occupancy.js';
import { sharedLoads } from './load/shared-loads.js';
import type { Steps } from './load/steps.js';
import type { AttributeOptions } from './options.js';
import { acceleratorOf } from './power/accelerator.js';
import { cleanPowerTable } from './power/clean.js';
import { idlePower } from './power/idle.js';
import { findLag, type LagSearch, workSeries } from './power/lag.js';
import { type PowerMarks, usableWatts } from './power/marks.js';
import { type Samples, samplesOf, seriesOf } from './power/samples.js';
import { type Drift, findDrift, withoutDrift } from './power/undo-drift.js';
import { meanLag, type SensorResponse } from './sensor/sampling.js';

/** The idle power in force, and where it is from. */
interface Idle {
  readonly watts: number;
  readonly errorWatts: number;
  readonly from: 'given' | 'quiet-samples';
  readonly samples: number;
}

/** A trace as the account sees it: cleaned, on one clock, with what is known of the machine. */
export interface Scene {
  readonly observation: Observation;
  readonly response: SensorResponse;
  readonly lag: LagSearch;
  /** How the lag changes, where it does; `series` and the samples are without it. */
  readonly drift: Drift | undefined;
  readonly idle: Idle | undefined;
  readonly series: PowerSeries;
  readonly sharedNames: readonly string[];
  /** Beginning and end of the account on the clock of the work. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly findings: readonly Finding[];
}

/** Steps are this part of a sample or a tick, whichever is shorter: lags are undone to about as much. */
const STEPS_PER_SAMPLE = 4;
/** Longer records get longer steps, so that memory stays bounded. */
const MOST_STEPS = 2_000_000;
/** What a smoothing sensor looks back, at most, beside the lag. */
const MEMORY_SAMPLES = 25;
/** With fewer samples up to the last start of an invocation, those after it are fitted as well. */
const LEAST_SAMPLES = 8;

export function observe(trace: Trace, options: AttributeOptions): Scene {
  const { power, invocations, usage, description } = trace;
  const { tickSeconds = 1, maxLagSeconds = 20 } = options;
  const marks = cleanPowerTable(power, description);
  const watts = usableWatts(power.systemWatts, marks.system);
  if (!watts.some(Number.isFinite)) throw noPower(power, marks.system);
  const cpuWatts = usableWatts(power.cpuWatts, marks.cpu);
  const logged = samplesOf(power.t, watts, tickSeconds);
  const furthest = Math.max(maxLagSeconds, Math.abs(options.lagSeconds ?? 0));
  const steps = stepsFor(logged, tickSeconds, furthest);
  const occupancy = occupancyOf(invocations, steps);
  const until = recordedUntil(invocations, logged);
  const cpuSeries = seriesOf(power, cpuWatts, tickSeconds);
  const drift =
    options.lagSeconds === undefined
      ? findDrift({
          work: workSeries(occupancy, until),
          cpu: cpuSeries,
          power: seriesOf(power, watts, tickSeconds),
          sampleSeconds: logged.intervalSeconds,
          span: {
            from: Math.max(0, logged.starts[0] ?? 0),
            until: Math.min(until, logged.ends.at(-1) ?? 0),
            maxLagSeconds,
          },
        })
      : undefined;
  // Parts of the machine have sensors of their own: only the system's is moved.
  const t = drift === undefined ? power.t : withoutDrift(power.t, drift);
  const samples = drift === undefined ? logged : samplesOf(t, watts, tickSeconds);
  const series = seriesOf({ t }, watts, tickSeconds);
  const lag: LagSearch =
    options.lagSeconds === undefined
      ? findLag(occupancy, series, cpuSeries, until, maxLagSeconds)
      : { found: true, seconds: options.lagSeconds, errorSeconds: 0, from: 'given' };
  const shared = usage === undefined ? undefined : sharedLoads(usage, steps);
  const cpu = usage && cpuLoads(usage, invocations, occupancy);
  const controlPlane = shared?.names.indexOf('control-plane') ?? -1;
  const { accelerator, findings: ofAccelerator } = acceleratorOf(
    power,
    invocations.functions,
    options.acceleratorFunctions ?? description.acceleratorFunctions,
    occupancy,
  );
  const base: Omit<Observation, 'idleWatts'> = {
    samples,
    occupancy,
    contention: learnContention(invocations, occupancy, cpu),
    shared: shared?.loads ?? noColumns(steps.count),
    ...(controlPlane >= 0 && { controlPlane }),
    presence: occupancy.total.map((value) => Math.min(1, value)),
    cpu,
    until,
    ...(accelerator && { accelerator }),
  };
  const given = options.idleWatts ?? description.idleWatts;
  const idleFor = (response: SensorResponse): Idle | undefined => {
    if (given !== undefined) return { watts: given, errorWatts: 0, from: 'given', samples: 0 };
    const found = idlePower(samples, occupancy, response);
    return (
      found && {
        watts: found.value,
        errorWatts: found.standardError,
        from: 'quiet-samples',
        samples: found.samples,
      }
    );
  };
  const seen = (response: SensorResponse): Observation => {
    const idle = idleFor(response);
    return { ...base, ...(idle && { idleWatts: idle.watts }) };
  };
  let response: SensorResponse = { delaySeconds: lag.found ? lag.seconds : 0, smoothingSeconds: 0 };
  if (lag.found && lag.from !== 'given') response = refineResponse(seen(response), lag.seconds);
  return {
    observation: seen(response),
    response,
    lag,
    drift,
    idle: idleFor(response),
    series,
    sharedNames: shared?.names ?? [],
    ...spanOf(samples, response, tickSeconds),
    findings: [
      ...marks.system.findings,
      ...marks.cpu.findings,
      ...flatFindings(watts),
      ...(drift ? [drift.finding] : []),
      ...ofAccelerator,
    ],
  };
}

/** A machine that draws the same whatever runs, or a sensor that hangs: nobody can tell which. */
function flatFindings(watts: Float64Array): Finding[] {
  const known = watts.filter(Number.isFinite);
  const [least, most] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  if (known.length < LEAST_SAMPLES || most - least > 1e-9 * most) return [];
  const message = `system power never moves from ${least} W: what functions add to it can't be told`;
  return [{ code: 'power-flat', message, count: known.length }];
}

/** Without the machine's power there is nothing to account for. */
function noPower({ t }: PowerTable, { findings }: PowerMarks): WattloopError {
  const why = t.length === 0 ? 'the record has no rows' : findings.map(({ message }) => message).join('; ');
  return new WattloopError(ErrorCode.badInput, `no power of the whole machine is on record: ${why}`, {
    remedy: 'Give mean watts since the row before in the column system_w',
  });
}

function stepsFor(
  { starts, ends, intervalSeconds }: Samples,
  tickSeconds: number,
  maxLagSeconds: number,
): Steps {
  const margin = maxLagSeconds + MEMORY_SAMPLES * intervalSeconds + tickSeconds;
  const start = (starts[0] ?? 0) - margin;
  const end = (ends.at(-1) ?? 0) + margin;
  const fine = Math.min(intervalSeconds, tickSeconds) / STEPS_PER_SAMPLE;
  const stepSeconds = Math.max(fine, (end - start) / MOST_STEPS);
  return { start, stepSeconds, count: Math.ceil((end - start) / stepSeconds) };
}

/**
 * When the last invocation started: the record of work is known to go so far. Where that leaves next to no samples all are
 * taken: one invocation that starts at once and runs on says more than none.
 */
function recordedUntil({ start }: InvocationTable, { ends, watts }: Samples): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const at of start) if (at > last && Number.isFinite(at)) last = at;
  const before = watts.filter((value, i) => Number.isFinite(value) && (ends[i] ?? 0) <= last);
  return before.length >= LEAST_SAMPLES ? last : Number.POSITIVE_INFINITY;
}

/**
 * The account's beginning and end on the clock of the work: it begins at 0, or with the tick that the record of power
 * begins in if that is later.
 */
export function spanOf(
  { starts, ends }: Samples,
  response: SensorResponse,
  tickSeconds: number,
): Pick<Scene, 'startSeconds' | 'endSeconds'> {
  const known = (starts[0] ?? 0) - meanLag(response);
  const last = ends.at(-1) ?? 0;
  return {
    startSeconds: Math.max(0, Math.round(known / tickSeconds)) * tickSeconds,
    endSeconds: Math.min(last, last - meanLag(response)),
  };
}
