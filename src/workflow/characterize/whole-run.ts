import { type StageSample, WHOLE_RUN } from '../../model/index.js';

const total = (samples: readonly StageSample[], of: (sample: StageSample) => number): number =>
  samples.reduce((sum, sample) => sum + of(sample), 0);

/** A sum, or nothing where a part is not known: part of a sum would look like a small one. */
function totalIfKnown(
  samples: readonly StageSample[],
  of: (sample: StageSample) => number | undefined,
): number | undefined {
  let sum = 0;
  for (const sample of samples) {
    const value = of(sample);
    if (value === undefined) return undefined;
    sum += value;
  }
  return sum;
}

/** What is known of a run as a whole and not of its stages: stages overlap, and may have configurations of their own. */
export type WholeRun = Pick<StageSample, 'configuration' | 'wallSeconds' | 'startedAt' | 'work'>;

/** The sample of a whole run, from those of its stages. Undefined where it has none. */
export function wholeRunSample(stages: readonly StageSample[], whole: WholeRun): StageSample | undefined {
  const [first] = stages;
  if (first === undefined) return undefined;
  const { source, provenance } = first;
  const isOneSource = stages.every((sample) => sample.source === source);
  const joules = isOneSource ? totalIfKnown(stages, (sample) => sample.joules) : undefined;
  const carbonGrams = totalIfKnown(stages, (sample) => sample.carbonGrams);
  const cpuSeconds = totalIfKnown(stages, (sample) => sample.cpuSeconds);
  const coldStarts = totalIfKnown(stages, (sample) => sample.coldStarts);
  const costUsd = totalIfKnown(stages, (sample) => sample.costUsd);
  return {
    workflow: first.workflow,
    stage: WHOLE_RUN,
    run: first.run,
    repetition: first.repetition,
    warmUp: first.warmUp,
    ...whole,
    invocations: total(stages, (sample) => sample.invocations),
    ...(cpuSeconds !== undefined && { cpuSeconds }),
    coldStartSeconds: total(stages, (sample) => sample.coldStartSeconds),
    readSeconds: total(stages, (sample) => sample.readSeconds),
    computeSeconds: total(stages, (sample) => sample.computeSeconds),
    writeSeconds: total(stages, (sample) => sample.writeSeconds),
    ...(coldStarts !== undefined && { coldStarts }),
    ...(joules !== undefined && { joules, ...(source && { source }), ...(provenance && { provenance }) }),
    ...(carbonGrams !== undefined && { carbonGrams }),
    ...(costUsd !== undefined && { costUsd }),
  };
}
