import { energyField } from './energy-field.js';

/** What the values of a field are. */
export type FieldKind = 'seconds' | 'joules' | 'percent' | 'moment' | 'count' | 'flag' | 'text';

/** The phases of an invocation. No figure is known without them. */
export const PHASE_FIELDS = ['read', 'compute', 'write'] as const;
/** Older files have the second name. */
export const COLD_START_FIELDS = ['cold_start', 'cold_start_time'] as const;

const KINDS: Readonly<Record<string, FieldKind>> = {
  read: 'seconds',
  compute: 'seconds',
  write: 'seconds',
  cold_start: 'seconds',
  cold_start_time: 'seconds',
  time_consumption: 'seconds',
  worker_time_execution: 'seconds',
  cpu_seconds: 'seconds',
  host_submit_tstamp: 'moment',
  worker_start_tstamp: 'moment',
  worker_end_tstamp: 'moment',
  cold: 'flag',
  psutil_cpu_percent: 'percent',
  cpu_cores_physical: 'count',
  cpu_cores_logical: 'count',
  cpu_name: 'text',
  cpu_architecture: 'text',
  aws_cpu: 'text',
  run: 'text',
};

/** Undefined for a field that nothing is known of: it is passed on as it stands. */
export const fieldKind = (name: string): FieldKind | undefined =>
  Object.hasOwn(KINDS, name) ? KINDS[name] : energyField(name) === undefined ? undefined : 'joules';

const UNITS: Readonly<Record<FieldKind, string | undefined>> = {
  seconds: 's',
  joules: 'J',
  percent: '%',
  moment: 's since 1970',
  count: undefined,
  flag: undefined,
  text: undefined,
};

/** The unit that a field is in; undefined for words and counts. */
export function fieldUnit(name: string): string | undefined {
  const kind = fieldKind(name);
  return kind && UNITS[kind];
}
