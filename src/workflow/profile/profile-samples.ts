import type { StageSample } from '../../model/index.js';
import { COLD_START_FIELDS } from './fields.js';
import type { Profile, ProfileColumn, ProfileEntry, ProfileValue } from './profile.js';
import { sampleEnergy } from './sample-energy.js';
import { silentEnergies } from './silent-energies.js';

export interface ProfileSamplesOptions {
  readonly workflow: string;
  /** What the profile is called: names repetitions whose run the file doesn't name. */
  readonly origin: string;
}

export interface ProfileSamples {
  readonly samples: readonly StageSample[];
  /** What is in the file and can't be used, or is not what it seems. */
  readonly warnings: readonly string[];
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** The numbers of one repetition; undefined where the field, or the figure of any worker, is missing. */
function numbers(column: ProfileColumn | undefined, repetition: number): readonly number[] | undefined {
  const row = column?.[repetition];
  return row?.every((value): value is number => typeof value === 'number') ? row : undefined;
}

/** Fields of which each repetition has one; a field that came later says nothing of which it has. */
function aligned({ fields }: ProfileEntry): {
  readonly fields: ProfileEntry['fields'];
  readonly dropped: readonly string[];
} {
  const { compute = [] } = fields;
  const fits = (column: ProfileColumn): boolean =>
    column.length === compute.length &&
    column.every((row, repetition) => row.length === compute[repetition]?.length);
  const all = Object.entries(fields);
  return {
    fields: Object.fromEntries(all.filter(([, column]) => fits(column))),
    dropped: all.filter(([, column]) => !fits(column)).map(([name]) => name),
  };
}

/** When a repetition ran: from the first start to the last end; without moments, for as long as its slowest worker took. */
function time(
  fields: ProfileEntry['fields'],
  repetition: number,
): { readonly wallSeconds: number; readonly startedAt?: number } {
  const starts = numbers(fields.worker_start_tstamp, repetition);
  const ends = numbers(fields.worker_end_tstamp, repetition);
  if (starts !== undefined && ends !== undefined && starts.length > 0)
    return { wallSeconds: greatest(ends) - least(starts), startedAt: least(starts) };
  const parts = ['read', 'compute', 'write', coldStartField(fields)].flatMap((name) => [
    numbers(fields[name], repetition) ?? [],
  ]);
  const workers = parts[0]?.map((_, worker) => sum(parts.map((part) => part[worker] ?? 0))) ?? [];
  return { wallSeconds: Math.max(0, greatest(workers)) };
}

const greatest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
const least = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.min(most, value), Number.POSITIVE_INFINITY);

const coldStartField = (fields: ProfileEntry['fields']): string =>
  COLD_START_FIELDS.find((name) => fields[name] !== undefined) ?? COLD_START_FIELDS[0];

const flags = (row: readonly ProfileValue[] | undefined): readonly boolean[] | undefined =>
  row?.every((value): value is boolean => typeof value === 'boolean') ? row : undefined;

/** One repetition of a stage; undefined, with the reason told, where there is none. */
function sampleOf(
  stage: string,
  { configuration, fields, provenance }: ProfileEntry,
  repetition: number,
  { workflow, origin }: ProfileSamplesOptions,
  warn: (text: string) => void,
): StageSample | undefined {
  const invocations = fields.compute?.[repetition]?.length ?? 0;
  if (invocations === 0) {
    warn(`stage "${stage}": a repetition without workers: left out`);
    return undefined;
  }
  const ran = time(fields, repetition);
  if (ran.startedAt === undefined)
    warn('the profile has no moments: the time of a stage is that of its slowest worker');
  const coldStart = numbers(fields[coldStartField(fields)], repetition) ?? [];
  if (coldStart.some((value) => value < 0))
    warn('some cold starts are below 0 s: the clocks of client and workers differed');
  const total = (name: string): number => sum(numbers(fields[name], repetition) ?? []);
  const cpu = numbers(fields.cpu_seconds, repetition);
  const cold = flags(fields.cold?.[repetition]);
  const run = fields.run?.[repetition]?.[0];
  return {
    workflow,
    stage,
    run: typeof run === 'string' ? run : `${origin}#${repetition + 1}`,
    configuration,
    repetition: repetition + 1,
    warmUp: false,
    invocations,
    ...ran,
    coldStartSeconds: sum(coldStart),
    readSeconds: total('read'),
    computeSeconds: total('compute'),
    writeSeconds: total('write'),
    ...(cpu && { cpuSeconds: sum(cpu) }),
    ...(cold && { coldStarts: cold.filter(Boolean).length }),
    ...sampleEnergy({ configuration, fields, provenance }, repetition),
  };
}

/** What of a profile's stages is a sample, and what in it can't be used. What a file does not tell is absent. */
export function profileSamples(profile: Profile, options: ProfileSamplesOptions): ProfileSamples {
  const silent = silentEnergies(profile);
  const warnings = new Set(silent.warnings);
  const samples: StageSample[] = [];
  for (const { name: stage, entries } of profile.stages)
    for (const entry of entries) {
      const { fields, dropped } = aligned(entry);
      for (const name of dropped)
        warnings.add(`${name}: not all repetitions have it, and which have is not told: left out`);
      const used = Object.fromEntries(Object.entries(fields).filter(([name]) => !silent.fields.has(name)));
      for (const repetition of (fields.compute ?? []).keys()) {
        const sample = sampleOf(stage, { ...entry, fields: used }, repetition, options, (text) =>
          warnings.add(text),
        );
        if (sample !== undefined) samples.push(sample);
      }
    }
  return { samples, warnings: [...warnings] };
}
