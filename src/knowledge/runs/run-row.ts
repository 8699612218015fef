import {
  type InvocationError,
  type Platform,
  RUN_STATUSES,
  type RunExperiment,
  type RunOwner,
  type RunRecord,
  type RunResult,
  type RunTotals,
  type StageSummary,
} from '../../model/index.js';
import type { SqlValue } from '../sqlite/connection.js';
import { fromJson, toJson } from '../sqlite/json.js';
import { number, numberOrNone, oneOf, type Row, text, textOrNone } from '../sqlite/row.js';

/** Columns that a run is given when it begins, changed or ends with. */
export type RunColumns = Readonly<Record<string, SqlValue>>;

function resultJson(result: RunResult | undefined): string | null {
  // JSON knows no undefined: a run that returned nothing says so.
  const isNothing = result !== undefined && 'value' in result && result.value === undefined;
  return toJson(isNothing ? { absent: 'the workflow returned nothing' } : result, 'the result of the run');
}

const ownerColumns = (owner: RunOwner | undefined): RunColumns => ({
  owner_pid: owner?.pid ?? null,
  owner_hostname: owner?.hostname ?? null,
  owner_process_start: owner?.processStart ?? null,
  heartbeat_at: owner?.heartbeatAt ?? null,
});

const experimentColumns = (experiment: RunExperiment | undefined): RunColumns => ({
  experiment: experiment?.id ?? null,
  repetition: experiment?.repetition ?? null,
  warm_up: experiment === undefined ? null : Number(experiment.warmUp),
});

/** How each field of a run is kept. */
const WRITERS: { readonly [Field in keyof RunRecord]-?: (value: RunRecord[Field]) => RunColumns } = {
  id: (id) => ({ id }),
  workflow: (workflow) => ({ workflow }),
  workflowFile: (file) => ({ workflow_file: file ?? null }),
  bundleHash: (hash) => ({ bundle_hash: hash ?? null }),
  parameters: (value) => ({ parameters: toJson(value, 'the parameters of the run') }),
  status: (status) => ({ status }),
  owner: ownerColumns,
  startedAt: (at) => ({ started_at: at }),
  endedAt: (at) => ({ ended_at: at ?? null }),
  settings: (value) => ({ settings: toJson(value, 'the settings of the run') }),
  platforms: (value) => ({ platforms: toJson(value, 'the platforms of the run') }),
  stages: (value) => ({ stages: toJson(value, 'the stages of the run') }),
  totals: (value) => ({ totals: toJson(value, 'the totals of the run') }),
  result: (value) => ({ result: resultJson(value) }),
  error: (value) => ({ error: toJson(value, 'the error of the run') }),
  experiment: experimentColumns,
};

/** The columns of those fields that are there; a field that is there and undefined empties its columns. */
export function runColumns(run: Partial<RunRecord>): RunColumns {
  const fields = (Object.keys(WRITERS) as (keyof RunRecord)[]).filter((field) => field in run);
  return Object.assign(
    {},
    ...fields.map((field) => (WRITERS[field] as (value: unknown) => RunColumns)(run[field])),
  );
}

function ownerOf(row: Row): RunOwner | undefined {
  const pid = numberOrNone(row, 'owner_pid');
  if (pid === undefined) return undefined;
  const processStart = textOrNone(row, 'owner_process_start');
  return {
    pid,
    hostname: text(row, 'owner_hostname'),
    ...(processStart !== undefined && { processStart }),
    heartbeatAt: number(row, 'heartbeat_at'),
  };
}

function experimentOf(row: Row): RunExperiment | undefined {
  const id = textOrNone(row, 'experiment');
  if (id === undefined) return undefined;
  return { id, repetition: number(row, 'repetition'), warmUp: number(row, 'warm_up') === 1 };
}

function json<Value>(row: Row, column: string): Value | undefined {
  const content = textOrNone(row, column);
  return content === undefined
    ? undefined
    : fromJson<Value>(content, `${column} of the run ${text(row, 'id')}`);
}

/** Leaves out what is undefined: absent is absent. */
function compact<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

export function runFromRow(row: Row): RunRecord {
  return {
    id: text(row, 'id'),
    workflow: text(row, 'workflow'),
    parameters: json(row, 'parameters') ?? {},
    status: oneOf(row, 'status', RUN_STATUSES),
    startedAt: number(row, 'started_at'),
    settings: json(row, 'settings') ?? {},
    platforms: json<readonly Platform[]>(row, 'platforms') ?? [],
    stages: json<readonly StageSummary[]>(row, 'stages') ?? [],
    ...compact({
      workflowFile: textOrNone(row, 'workflow_file'),
      bundleHash: textOrNone(row, 'bundle_hash'),
      owner: ownerOf(row),
      endedAt: numberOrNone(row, 'ended_at'),
      totals: json<RunTotals>(row, 'totals'),
      result: json<RunResult>(row, 'result'),
      error: json<InvocationError>(row, 'error'),
      experiment: experimentOf(row),
    }),
  };
}
