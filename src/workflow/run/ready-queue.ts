/** Partitions that can start, those of later stages first: what is under way is brought to its end before more begins. */
export class ReadyQueue {
  readonly #queues: { partitions: number[]; next: number }[];
  #size = 0;

  constructor(stages: number) {
    this.#queues = Array.from({ length: stages }, () => ({ partitions: [], next: 0 }));
  }

  get size(): number {
    return this.#size;
  }

  add(stage: number, partition: number): void {
    this.#queues[stage]?.partitions.push(partition);
    this.#size++;
  }

  take(): readonly [stage: number, partition: number] | undefined {
    for (let stage = this.#queues.length - 1; stage >= 0; stage--) {
      const queue = this.#queues[stage];
      const partition = queue?.partitions[queue.next];
      if (queue === undefined || partition === undefined) continue;
      this.#size--;
      queue.next++;
      if (queue.next === queue.partitions.length) {
        queue.partitions = [];
        queue.next = 0;
      }
      return [stage, partition];
    }
    return undefined;
  }
}
