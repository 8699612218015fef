import type { LatencyFigures, LoadFigures, LoadResult } from '../../model/index.js';

const latencyJson = (figures: LatencyFigures | undefined): object | null =>
  figures === undefined
    ? null
    : {
        count: figures.count,
        mean_seconds: figures.mean,
        min_seconds: figures.min,
        p50_seconds: figures.p50,
        p90_seconds: figures.p90,
        p99_seconds: figures.p99,
        p999_seconds: figures.p999,
        max_seconds: figures.max,
      };

function figuresJson(figures: LoadFigures): object {
  const { energy, footprint } = figures;
  return {
    due: figures.due,
    sent: figures.sent,
    done: figures.done,
    failed: figures.failed,
    failures: figures.failures,
    statuses: figures.statuses,
    unfinished: figures.unfinished,
    per_second: figures.perSecond,
    latency: latencyJson(figures.latency),
    service: latencyJson(figures.service),
    request_bytes: figures.requestBytes,
    response_bytes: figures.responseBytes,
    cold: figures.cold,
    energy: energy
      ? { calls: energy.calls, joules: energy.joules, joules_per_call: energy.joulesPerCall }
      : null,
    footprint: footprint
      ? {
          calls: footprint.calls,
          individual_joules: footprint.individualJoules,
          total_joules: footprint.totalJoules,
          joules_per_call: footprint.joulesPerCall ?? null,
          operational_grams: footprint.operationalGrams ?? null,
        }
      : null,
  };
}

/** The document that `wattloop load --json` prints. Absent figures are null. */
export function loadJson(result: LoadResult): object {
  const { generator } = result;
  return {
    started_at: result.startedAt,
    measured_from: result.measuredFrom,
    ended_at: result.endedAt,
    warm_up_seconds: result.warmUpSeconds,
    seconds: result.seconds,
    seed: result.seed,
    interrupted: result.interrupted,
    total: figuresJson(result.total),
    functions: result.functions.map((each) => ({
      name: each.name,
      url: each.url,
      arrival: each.arrival,
      ...figuresJson(each),
    })),
    generator: {
      lateness: latencyJson(generator.lateness),
      held_back: generator.heldBack,
      cpu_seconds: generator.cpuSeconds,
      cpu_seconds_per_call: generator.cpuSecondsPerCall ?? null,
      connections: generator.connections,
    },
    curve: result.curve.map(({ part, latency, service }) => ({
      part,
      latency_seconds: latency,
      service_seconds: service,
    })),
    findings: result.findings,
  };
}
