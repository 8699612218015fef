import type { Resources } from '../../model/index.js';
import type { Job } from './job.js';
import { Fifo } from './task-queue.js';
import type { WorkerProcess } from './worker-process.js';

/** Workers of one size, and the tasks that wait for one. */
export class Shape {
  readonly resources: Resources;
  readonly waiting = new Fifo<Job>();
  /** The one that was busy last stands last, and is taken first: its caches are warm. */
  readonly idle: WorkerProcess[] = [];
  /** Started and not ready yet. */
  readonly starting = new Set<WorkerProcess>();

  constructor(resources: Resources) {
    this.resources = resources;
  }

  /** Started for what waits, beyond those that are on their way. */
  get missing(): number {
    return this.waiting.length - this.starting.size;
  }
}

export const shapeKey = ({ cpu, memoryMib }: Resources): string => `${cpu} ${memoryMib}`;
