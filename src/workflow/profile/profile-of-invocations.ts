import type { Configuration, Invocation, Provenance } from '../../model/index.js';
import { configurationKey } from './configuration-key.js';
import { type InvocationFields, invocationFields } from './invocation-fields.js';
import type { Profile, ProfileColumn, ProfileEntry } from './profile.js';

export interface InvocationsProfile {
  readonly profile: Profile;
  /** What was left out, and why. */
  readonly warnings: readonly string[];
}

/** Of each partition the invocation that did it: of several copies, the first to end. */
function winners(invocations: Iterable<Invocation>): Invocation[] {
  const best = new Map<number, Invocation>();
  for (const invocation of invocations) {
    if (invocation.status !== 'done') continue;
    const known = best.get(invocation.partition);
    if (known === undefined || invocation.endedAt < known.endedAt) best.set(invocation.partition, invocation);
  }
  return [...best.values()].sort((a, b) => a.partition - b.partition);
}

function grouped<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** Columns of all fields that any invocation has; null where one has not. */
function entryOf(
  configuration: Configuration,
  repetitions: readonly (readonly InvocationFields[])[],
): ProfileEntry {
  const names = new Set(repetitions.flatMap((row) => row.flatMap(({ values }) => Object.keys(values))));
  const fields: Record<string, ProfileColumn> = {};
  for (const name of names)
    fields[name] = repetitions.map((row) => row.map(({ values }) => values[name] ?? null));
  const provenance: Record<string, Provenance> = {};
  for (const row of repetitions) for (const each of row) Object.assign(provenance, each.provenance);
  return { configuration, fields, provenance };
}

/**
 * The profile of any number of runs: each is a repetition of its stages, in the order in which the runs began. Failed
 * attempts and lost copies are no part of it; a stage that a run did not finish is left out of it.
 */
export function profileOfInvocations(invocations: Iterable<Invocation>): InvocationsProfile {
  const warnings: string[] = [];
  const stages = [...grouped(invocations, (each) => each.function)].map(([name, ofStage]) => {
    const byConfiguration = grouped(ofStage, ({ configuration }) => configurationKey(configuration));
    const entries = [...byConfiguration.values()].flatMap((ofEntry): ProfileEntry[] => {
      const configuration = ofEntry[0]?.configuration;
      if (configuration === undefined) return [];
      const runs = [...grouped(ofEntry, ({ run }) => run ?? '').entries()]
        .map(([run, all]) => ({ run, done: winners(all), begun: startOf(all) }))
        .sort((a, b) => a.begun - b.begun);
      const whole = runs.filter(({ run, done }) => {
        const isWhole = done.length === configuration.workers;
        if (!isWhole)
          warnings.push(
            `run ${run}, stage "${name}": ${done.length} of ${configuration.workers} partitions were done: left out`,
          );
        return isWhole;
      });
      if (whole.length === 0) return [];
      return [
        entryOf(
          configuration,
          whole.map(({ done }) => done.map(invocationFields)),
        ),
      ];
    });
    return { name, entries };
  });
  return { profile: { stages: stages.filter(({ entries }) => entries.length > 0) }, warnings };
}

const startOf = (invocations: readonly Invocation[]): number =>
  invocations.reduce((first, { startedAt }) => Math.min(first, startedAt), Number.POSITIVE_INFINITY);
