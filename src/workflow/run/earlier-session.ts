import { readdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Knowledge } from '../../knowledge/index.js';
import type { Invocation, RunRecord } from '../../model/index.js';
import type { ObjectStore } from '../../storage/index.js';
import type { Override } from '../define/resolve.js';
import type { LoadedWorkflow } from './load-workflow.js';
import { type PartitionKeys, partitionKey, runPrefix } from './partition-key.js';
import type { RunFolder } from './run-folder.js';
import type { RunOptions } from './run-options.js';

/** What of a run's settings it needs to go on as it began. */
export interface KeptSettings {
  readonly overrides: Readonly<Record<string, Override>>;
  /** Where its partitions are, for people. */
  readonly storage?: string;
}

/** The run that is to go on; refused where it could not go on as it began. */
export function runToResume(
  knowledge: Knowledge,
  store: ObjectStore,
  loaded: LoadedWorkflow,
  id: string,
  given: RunOptions,
): RunRecord {
  const run = knowledge.run(id);
  const bad = (message: string, remedy: string): WattloopError =>
    new WattloopError(ErrorCode.badInput, message, { remedy });
  if (run.workflow !== loaded.definition.name)
    throw bad(
      `run ${run.id} is of the workflow "${run.workflow}", not of "${loaded.definition.name}"`,
      `Name its file: ${run.workflowFile ?? 'it is not known'}`,
    );
  if (run.bundleHash !== loaded.hash)
    throw bad(
      `run ${run.id} can't go on: the code of "${run.workflow}" has changed since`,
      'What it has finished may not fit any more: begin a new run',
    );
  if (run.status === 'done')
    throw bad(`run ${run.id} is done`, `Look at it with: wattloop runs show ${run.id}`);
  const { overrides, storage } = run.settings as unknown as KeptSettings;
  for (const [name, value] of Object.entries(given.parameters ?? {})) {
    if (isDeepStrictEqual(run.parameters[name], value)) continue;
    throw bad(
      `run ${run.id} goes on with the parameters that it began with: "${name}" is ${JSON.stringify(run.parameters[name])} there, not ${JSON.stringify(value)}`,
      'Leave the parameter out, or begin a new run',
    );
  }
  const isSame =
    Object.keys(given.overrides ?? {}).length === 0 || isDeepStrictEqual(given.overrides, overrides);
  if (!isSame)
    throw bad(
      `run ${run.id} goes on with the workers, processors and memory that it began with`,
      'Leave --workers, --cpu, --memory, --stage and --optimize out, or begin a new run',
    );
  if (storage !== undefined && storage !== store.address)
    throw new WattloopError(
      ErrorCode.badConfiguration,
      `run ${run.id} keeps its data in ${storage}, and the settings name ${store.address}`,
      { remedy: 'Use the storage settings that it began with, or begin a new run' },
    );
  return run;
}

/** An execution of an earlier session, as it is read back. */
export interface Recalled {
  readonly invocation: Invocation;
  /** Its object is the partition. */
  readonly counts: boolean;
}

/** What the earlier sessions of a run have left. */
export interface Recall {
  isFinished(stage: string, partition: number): boolean;
  /** The last attempt at a partition that is not finished; 0 where there was none. */
  lastAttempt(stage: string, partition: number): number;
}

export const nothingBefore: Recall = { isFinished: () => false, lastAttempt: () => 0 };

interface RecallSources {
  readonly knowledge: Knowledge;
  readonly store: ObjectStore;
  readonly keys: PartitionKeys;
  readonly folder: RunFolder;
  /** Told of every execution. */
  readonly each: (recalled: Recalled) => void;
}

/** Reads back what the earlier sessions did, and which of their partitions are still there. */
export async function recall(id: string, sources: RecallSources): Promise<Recall> {
  const { knowledge, store, keys, folder, each } = sources;
  const there = new Set<string>();
  for await (const { key } of store.list(runPrefix(id))) there.add(key);
  const finished = new Set<string>();
  const attempts = new Attempts(folder);
  for (const invocation of knowledge.invocations(id)) {
    const { function: stage, partition, status } = invocation;
    const name = `${stage}/${partition}`;
    const counts =
      status === 'done' && !finished.has(name) && there.has(partitionKey(id, stage, partition, invocation));
    if (counts) {
      finished.add(name);
      keys.settle(stage, partition, invocation);
    }
    attempts.add(name, invocation.attempt);
    each({ invocation, counts });
  }
  return {
    isFinished: (stage, partition) => finished.has(`${stage}/${partition}`),
    lastAttempt: (stage, partition) => attempts.last(stage, partition),
  };
}

/**
 * The last attempts at partitions, so that those of another session write and log beside them. Of a session that was
 * killed, what ran then left no record, but maybe a log.
 */
class Attempts {
  readonly #folder: RunFolder;
  readonly #last = new Map<string, number>();
  readonly #listed = new Set<string>();

  constructor(folder: RunFolder) {
    this.#folder = folder;
  }

  add(name: string, attempt: number): void {
    if (attempt > (this.#last.get(name) ?? 0)) this.#last.set(name, attempt);
  }

  last(stage: string, partition: number): number {
    this.#list(stage);
    return this.#last.get(`${stage}/${partition}`) ?? 0;
  }

  #list(stage: string): void {
    if (this.#listed.has(stage)) return;
    this.#listed.add(stage);
    for (const file of filesIn(this.#folder.logs(stage))) {
      const [partition, attempt] = file.split('.');
      if (Number(attempt) > 0) this.add(`${stage}/${partition}`, Number(attempt));
    }
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing of it printed anything.
    return [];
  }
}
