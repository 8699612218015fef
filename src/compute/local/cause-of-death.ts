import type { Job } from './job.js';
import type { Loss } from './records.js';
import type { Death } from './worker-process.js';

const SAID_LIMIT = 2_000;

const mib = (value: number): string => `${Math.round(value)} MiB`;

/** Why a task was lost, as its worker's end and what was wanted of it tell. */
export function causeOfDeath(job: Job, death: Death): Loss {
  const { task, forced } = job;
  if (forced === 'timed_out') {
    const message = `took longer than the ${task.timeoutSeconds} s that it may take`;
    return { status: 'timed_out', error: { name: 'TimedOut', message } };
  }
  if (forced === 'cancelled') return CANCELLED;
  if (death.wasOutOfMemory) return outOfMemory(task.resources.memoryMib);
  const { code, signal, said } = death;
  const how =
    signal === null
      ? code === null
        ? 'its worker could not be started'
        : `ended the process with code ${code}`
      : `its process was killed by ${signal}`;
  const tail = said.slice(-SAID_LIMIT);
  const message = tail === '' || code === 0 ? how : `${how}: ${tail}`;
  return { status: 'crashed', error: { name: 'Crashed', message } };
}

export const outOfMemory = (memoryMib: number): Loss => ({
  status: 'out_of_memory',
  error: {
    name: 'OutOfMemory',
    message: `needs more than the ${mib(memoryMib)} of memory that it was given`,
  },
});

export const CANCELLED: Loss = {
  status: 'cancelled',
  error: { name: 'Cancelled', message: 'was cancelled' },
};
