import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Knowledge } from '../../knowledge/index.js';
import type { Invocation, RunRecord } from '../../model/index.js';
import type { ObjectStore } from '../../storage/index.js';
import type { Override } from '../define/resolve.js';
import type { LoadedWorkflow } from './load-workflow.js';
import { type PartitionKeys, partitionKey, runPrefix } from './partition-key.js';

/** What of a run's settings it needs to go on as it began. */
export interface KeptSettings {
  readonly overrides: Readonly<Record<string, Override>>;
}

/** The run that is to go on; refused where its code is another by now, or where it goes on already. */
export function runToResume(knowledge: Knowledge, loaded: LoadedWorkflow, id: string): RunRecord {
  const run = knowledge.run(id);
  if (run.workflow !== loaded.definition.name)
    throw new WattloopError(
      ErrorCode.badInput,
      `run ${run.id} is of the workflow "${run.workflow}", not of "${loaded.definition.name}"`,
      { remedy: `Name its file: ${run.workflowFile ?? 'it is not known'}` },
    );
  if (run.bundleHash !== loaded.hash)
    throw new WattloopError(
      ErrorCode.badInput,
      `run ${run.id} can't go on: the code of "${run.workflow}" has changed since`,
      { remedy: 'What it has finished may not fit any more: begin a new run' },
    );
  if (run.status === 'done')
    throw new WattloopError(ErrorCode.badInput, `run ${run.id} is done`, {
      remedy: `Look at it with: wattloop runs show ${run.id}`,
    });
  return run;
}

/** What the earlier sessions of a run did, as it is read back. */
export interface Recalled {
  readonly invocation: Invocation;
  /** Its object is the partition. */
  readonly counts: boolean;
}

/** Every execution of the earlier sessions, and which of their partitions are still there. */
export async function recall(
  id: string,
  knowledge: Knowledge,
  store: ObjectStore,
  keys: PartitionKeys,
  each: (recalled: Recalled) => void,
): Promise<Map<string, Set<number>>> {
  const there = new Set<string>();
  for await (const { key } of store.list(runPrefix(id))) there.add(key);
  const finished = new Map<string, Set<number>>();
  for (const invocation of knowledge.invocations(id)) {
    const { function: stage, partition, status } = invocation;
    const partitions = finished.get(stage) ?? new Set();
    finished.set(stage, partitions);
    const key = partitionKey(id, stage, partition, invocation);
    const counts = status === 'done' && there.has(key) && !partitions.has(partition);
    if (counts) {
      partitions.add(partition);
      keys.settle(stage, partition, invocation);
    }
    each({ invocation, counts });
  }
  return finished;
}
