import type { HandlerContext } from '../../compute/index.js';
import { inputFormat } from '../command/input-files.js';
import { readInput } from '../data/read-input.js';
import { writePartition } from '../data/write-partition.js';
import type { StageContext, StageDefinition } from '../define/stage.js';
import type { StageOutcome, StagePayload } from './job.js';
import { type LoadedJob, loadJob } from './loaded-job.js';

/** One invocation of a stage, in a worker: reads its inputs, calls the user's function, writes the partition. */
export async function handle(payload: unknown, context: HandlerContext): Promise<StageOutcome> {
  const { job: file, stage: index, key, inputs: parts } = payload as StagePayload;
  const job = await loadJob(file);
  const stage = job.stages[index];
  if (stage === undefined) throw new Error(`the workflow has no stage ${index} here`);

  const names = Object.keys(parts);
  if (names.length > 0) context.phase('read');
  const inputs: Record<string, unknown> = {};
  for (const name of names) {
    const part = parts[name];
    if (part !== undefined)
      inputs[name] = await readInput(part, job.stores, context.countRead, context.signal);
  }

  context.phase('compute');
  let work: number | undefined;
  const stageContext = contextFor(job, stage, context, (units) => {
    work = (work ?? 0) + units;
  });
  const value = await call(job, stage, parts, inputs, stageContext, context);

  context.phase('write');
  const where = `stage "${stage.name}", partition ${context.task.partition}`;
  const shuffles = job.shuffles[index] ?? [];
  const { bytes } = await writePartition(job.store, key, value, { shuffles, where, signal: context.signal });
  context.countWritten(bytes);
  if (stage.output !== undefined) {
    const { signal } = context;
    const copy = await writePartition(job.store, `${stage.output}/${context.task.partition}`, value, {
      signal,
    });
    context.countWritten(copy.bytes);
  }
  return work === undefined ? {} : { work };
}

function contextFor(
  { job }: LoadedJob,
  stage: StageDefinition,
  { task, signal }: HandlerContext,
  countWork: (units: number) => void,
): StageContext {
  return {
    parameters: { ...job.parameters, ...stage.parameters },
    workflow: job.workflow,
    run: job.run,
    stage: stage.name,
    partition: task.partition,
    workers: task.workers,
    attempt: task.attempt,
    signal,
    countWork,
  };
}

async function call(
  job: LoadedJob,
  stage: StageDefinition,
  parts: StagePayload['inputs'],
  inputs: Readonly<Record<string, unknown>>,
  stageContext: StageContext,
  { log, signal }: HandlerContext,
): Promise<unknown> {
  if (stage.command === undefined) return stage.run?.(inputs, stageContext);
  const { runCommandStage } = await import('../command/run-command-stage.js');
  const formats = Object.entries(parts).map(([name, part]) => [name, inputFormat(part)]);
  return runCommandStage({
    command: stage.command,
    inputs,
    formats: Object.fromEntries(formats),
    parameters: stageContext.parameters,
    context: stageContext,
    folder: job.job.folder,
    signal,
    onOutput: log,
  });
}
