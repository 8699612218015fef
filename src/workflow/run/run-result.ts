import type { RunResult } from '../../model/index.js';
import type { ObjectStore } from '../../storage/index.js';
import { readInput } from '../data/read-input.js';
import type { ResolvedStage } from '../define/resolve.js';
import type { StageRef } from '../define/strategy.js';
import type { WorkflowResult } from '../define/workflow.js';
import type { PartitionKeys } from './partition-key.js';

/** More than that is left in storage: a result is for people to read. */
const MOST_BYTES = 1024 ** 2;

export interface ResultSource {
  readonly stages: readonly ResolvedStage[];
  readonly keys: PartitionKeys;
  readonly store: ObjectStore;
}

/** What the workflow gives back, as JSON; or why that can't be had. */
export async function runResult(result: WorkflowResult, source: ResultSource): Promise<RunResult> {
  if (result === undefined) return { absent: 'the workflow returns nothing' };
  if (isRef(result)) return stageResult(result.stage, source);
  const named: Record<string, unknown> = {};
  for (const [name, ref] of Object.entries(result)) {
    const found = await stageResult(ref.stage, source);
    if ('absent' in found) return { absent: `${name}: ${found.absent}` };
    named[name] = found.value;
  }
  return { value: named };
}

const isRef = (result: object): result is StageRef<unknown> =>
  'stage' in result && typeof result.stage === 'string';

/** The output of a stage with one worker is what that returned; with several it is the list of theirs. */
async function stageResult(name: string, { stages, keys, store }: ResultSource): Promise<RunResult> {
  const workers = stages.find(({ definition }) => definition.name === name)?.configuration.workers ?? 0;
  const values: unknown[] = [];
  let bytes = 0;
  for (let i = 0; i < workers; i++) {
    const key = keys.of(name, i);
    bytes += (await store.head(key))?.sizeBytes ?? 0;
    if (bytes > MOST_BYTES) return { absent: `it is larger than 1 MiB: it stays in ${store.address}/${key}` };
    const stores = { run: store, open: () => Promise.resolve(store) };
    values.push(await readInput({ kind: 'partition', key }, stores, () => {}));
  }
  return asJson(workers === 1 ? values[0] : values, `${store.address}/${keys.of(name, 0)}`);
}

function asJson(value: unknown, place: string): RunResult {
  if (value === undefined) return { absent: 'its function returned nothing' };
  try {
    return { value: JSON.parse(JSON.stringify(value, plain)) as unknown };
  } catch {
    return { absent: `it can't be shown as JSON: it stays in ${place}` };
  }
}

/** What JSON knows nothing of, in the form that people expect. */
function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Uint8Array);
  return value;
}
