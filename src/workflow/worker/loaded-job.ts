import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ErrorCode, WattloopError } from '../../base/index.js';
import type { ObjectStore } from '../../storage/index.js';
import type { ShuffleOutput } from '../data/input-part.js';
import { KeptStores } from '../data/kept-stores.js';
import type { Stores } from '../data/open-object.js';
import type { StageDefinition } from '../define/stage.js';
import { isStageRef } from '../define/strategy.js';
import { isWorkflow } from '../define/workflow.js';
import type { Job } from './job.js';

/** A run as a worker knows it: its stages with their functions, and its store. */
export interface LoadedJob {
  readonly job: Job;
  readonly stages: readonly StageDefinition[];
  /** By stage: how its partitions are cut for those that shuffle them. */
  readonly shuffles: readonly (readonly ShuffleOutput[])[];
  readonly store: ObjectStore;
  /** The run's store, and those that its inputs name. */
  readonly stores: Stores;
}

/** For as long as the worker lives: most runs that it serves use the same. */
const kept = new KeptStores();
const loaded = new Map<string, Promise<LoadedJob>>();

/** A worker stays for many invocations, and for many runs: each is loaded once. */
export function loadJob(file: string): Promise<LoadedJob> {
  const known = loaded.get(file);
  if (known !== undefined) return known;
  const loading = load(file);
  loaded.set(file, loading);
  loading.catch(() => loaded.delete(file));
  return loading;
}

async function load(file: string): Promise<LoadedJob> {
  const job = JSON.parse(readFileSync(file, 'utf8')) as Job;
  const [module, store] = await Promise.all([
    import(pathToFileURL(job.bundle).href) as Promise<{ default?: unknown }>,
    kept.open(job.storage, job.dataDir),
  ]);
  if (!isWorkflow(module.default))
    throw new WattloopError(ErrorCode.internal, `${job.bundle} exports no workflow`);
  const { stages } = module.default.build(job.parameters);
  const stores: Stores = { run: store, open: (settings) => kept.open(settings, job.dataDir) };
  return { job, stages, shuffles: stages.map(({ name }) => shufflesOf(name, stages, job)), store, stores };
}

/** Names a shuffle among those of the stage that it reads. */
export const shuffleName = (stage: string, input: string): string => `${stage}.${input}`;

function shufflesOf(name: string, stages: readonly StageDefinition[], job: Job): ShuffleOutput[] {
  return stages.flatMap((reader, index) =>
    Object.entries(reader.inputs ?? {}).flatMap(([input, { strategy, from, key }]) => {
      if (strategy !== 'shuffle' || !isStageRef(from) || from.stage !== name || key === undefined) return [];
      const buckets = job.workers[index] ?? 1;
      return [{ name: shuffleName(reader.name, input), key: key as ShuffleOutput['key'], buckets }];
    }),
  );
}
