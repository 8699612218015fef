import { FamilyWriter, type MetricFamily } from './sample.js';

/** What metrics say of a function: sums since it was first seen. */
interface FunctionFigures {
  readonly individualJoules: number;
  readonly controlPlaneJoules: number;
  readonly idleJoules: number;
  readonly operationalGrams: number;
  readonly embodiedGrams?: number;
  /** Seconds since 1970 at which they began to count. */
  readonly since: number;
}

/** The functions' account: what was accounted is unattributed, ended and all that functions have. */
export interface FunctionAccountFigures {
  readonly measuredJoules: number;
  readonly unattributedJoules: number;
  readonly endedJoules: number;
  readonly since: number;
  readonly functions: ReadonlyMap<string, FunctionFigures>;
  /** Own power over the last window, of those that had any. */
  readonly watts: ReadonlyMap<string, number>;
  readonly callWatts: Iterable<{ readonly function: string; readonly wattsPerCall: number }>;
}

export function functionFamilies(account: FunctionAccountFigures): MetricFamily[] {
  const joules = new FamilyWriter('functionJoules');
  const grams = new FamilyWriter('functionCarbonGrams');
  for (const [name, figures] of account.functions) {
    const { since } = figures;
    joules.add(figures.individualJoules, since, { function: name, kind: 'individual' });
    joules.add(figures.controlPlaneJoules, since, { function: name, kind: 'control_plane' });
    joules.add(figures.idleJoules, since, { function: name, kind: 'idle' });
    grams.add(figures.operationalGrams, since, { function: name, kind: 'operational' });
    grams.add(figures.embodiedGrams, since, { function: name, kind: 'embodied' });
  }
  const { since } = account;
  const watts = new FamilyWriter('functionWatts');
  for (const [name, power] of account.watts) watts.add(power, since, { function: name });
  const callWatts = new FamilyWriter('functionCallWatts');
  for (const { function: name, wattsPerCall } of account.callWatts)
    callWatts.add(wattsPerCall, since, { function: name });
  const one = (
    key: 'accountedJoules' | 'unattributedJoules' | 'endedJoules',
    value: number,
  ): FamilyWriter => {
    const writer = new FamilyWriter(key);
    writer.add(value, since);
    return writer;
  };
  return [
    joules,
    grams,
    watts,
    callWatts,
    one('accountedJoules', account.measuredJoules),
    one('unattributedJoules', account.unattributedJoules),
    one('endedJoules', account.endedJoules),
  ];
}
