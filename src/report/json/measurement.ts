import type { Measurement, Statistics } from '../../meter/index.js';

function statisticsJson(statistics: Statistics | undefined): object | null {
  if (statistics === undefined) return null;
  const { count, mean, standardDeviation, confidence95 } = statistics;
  return { count, mean, standard_deviation: standardDeviation ?? null, confidence_95: confidence95 ?? null };
}

/** The document that `wattloop measure --json` prints. Absent figures are null. */
export function measurementJson(measurement: Measurement): object {
  const { exit, statistics } = measurement;
  return {
    command: measurement.command,
    exit_code: exit.code,
    signal: exit.signal ?? null,
    wall_seconds: measurement.wallSeconds,
    cpu_seconds: measurement.cpuSeconds,
    memory_peak_mib: measurement.memoryPeakMib ?? null,
    energy: measurement.energy.map((energy) => ({
      source: energy.source,
      domain: energy.domain,
      node_joules: energy.nodeJoules,
      joules: energy.joules,
      idle_joules: energy.idleJoules ?? null,
      provenance: energy.provenance,
      uncertainty: energy.uncertainty,
      primary: energy.primary,
      statistics: statisticsJson(energy.statistics),
    })),
    usage: measurement.usages.map(({ source, usage }) => ({
      source,
      cpu_seconds: usage.cpuSeconds,
      cycles: usage.cycles ?? null,
      instructions: usage.instructions ?? null,
      llc_misses: usage.llcMisses ?? null,
      context_switches: usage.contextSwitches ?? null,
      memory_peak_mib: usage.memoryPeakMib ?? null,
      read_bytes: usage.readBytes ?? null,
      written_bytes: usage.writtenBytes ?? null,
    })),
    primary: measurement.primary ?? null,
    primary_reason: measurement.primaryReason ?? null,
    joules: measurement.joules ?? null,
    disagreements: measurement.disagreements.map(({ a, b, domain, relative, joulesA, joulesB, warn }) => ({
      a,
      b,
      domain,
      relative,
      a_joules: joulesA,
      b_joules: joulesB,
      warning: warn,
    })),
    carbon_grams: measurement.carbonGrams ?? null,
    carbon_intensity_g_per_kwh: measurement.carbonIntensity,
    pue: measurement.pue,
    statistics: {
      wall_seconds: statisticsJson(statistics.wallSeconds),
      cpu_seconds: statisticsJson(statistics.cpuSeconds),
      joules: statisticsJson(statistics.joules),
    },
    repeats: measurement.repeats.map((repetition) => ({
      exit_code: repetition.exit.code,
      wall_seconds: repetition.wallSeconds,
      cpu_seconds: repetition.cpuSeconds,
      joules: repetition.joules ?? null,
      interrupted: repetition.interrupted,
    })),
    outlived: measurement.outlived.map(({ pid, name }) => ({ pid, name })),
    absent: measurement.absent,
    idle_unknown: measurement.idleUnknown ?? null,
    interrupted: measurement.interrupted,
  };
}
