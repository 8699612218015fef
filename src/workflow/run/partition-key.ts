/** Which execution's object counts as a partition: a retry and a second copy write beside the first, never over it. */
export interface Execution {
  readonly attempt: number;
  readonly speculative: boolean;
}

export const runPrefix = (run: string): string => `runs/${run}/`;

/** The key of what one execution of a partition writes. */
export function partitionKey(
  run: string,
  stage: string,
  partition: number,
  { attempt, speculative }: Execution,
): string {
  const suffix = `${attempt > 1 ? `.${attempt}` : ''}${speculative ? '.copy' : ''}`;
  return `${runPrefix(run)}${stage}/${partition}${suffix}`;
}

/** Keys of a run's finished partitions. Nearly all were written by a first attempt: only the others are remembered. */
export class PartitionKeys {
  readonly #run: string;
  readonly #odd = new Map<string, Execution>();

  constructor(run: string) {
    this.#run = run;
  }

  settle(stage: string, partition: number, by: Execution): void {
    if (by.attempt > 1 || by.speculative) this.#odd.set(`${stage}/${partition}`, by);
  }

  of(stage: string, partition: number): string {
    const by = this.#odd.get(`${stage}/${partition}`) ?? { attempt: 1, speculative: false };
    return partitionKey(this.#run, stage, partition, by);
  }
}
