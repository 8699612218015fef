import { NANOSECONDS_PER_SECOND } from '../../model/index.js';
import { CONTROL } from './layout.js';
import type { Words } from './words.js';

/**
 * What could not be placed because a map was full: the machine's total has it, the finer account does not. And what the
 * kernel did not tell.
 */
export interface Losses {
  /** CPU time of processes that found no place, and in how many slices. */
  readonly processSeconds: number;
  readonly processSlices: number;
  /** CPU time of control groups that found no place. */
  readonly cgroupSeconds: number;
  readonly cgroupSlices: number;
  /** Processes that ended and could not be handed over, and their CPU time. */
  readonly endedProcesses: number;
  readonly endedSeconds: number;
  /** Control groups whose coming or going was not told. */
  readonly cgroupChanges: number;
  /** Children of followed processes that are not followed. */
  readonly descendants: number;
  /** Context switches that the kernel did not tell; the scheduler's own account made up for them. */
  readonly missedSwitches: number;
}

export const lossesIn = (control: Words): Omit<Losses, 'missedSwitches'> => ({
  processSeconds: control.number(CONTROL.unplacedProcessNs) / NANOSECONDS_PER_SECOND,
  processSlices: control.number(CONTROL.unplacedProcessSlices),
  cgroupSeconds: control.number(CONTROL.unplacedCgroupNs) / NANOSECONDS_PER_SECOND,
  cgroupSlices: control.number(CONTROL.unplacedCgroupSlices),
  endedProcesses: control.number(CONTROL.lostEnded),
  endedSeconds: control.number(CONTROL.lostEndedNs) / NANOSECONDS_PER_SECOND,
  cgroupChanges: control.number(CONTROL.lostNames),
  descendants: control.number(CONTROL.lostDescendants),
});
