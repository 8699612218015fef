import type { StagePoint } from './prediction-input.js';

/** What the invocations of a stage share, as far as it is known. */
export interface Machine {
  readonly processors?: number;
  readonly memoryMib?: number;
  /** `queue`: invocations for which there is no room wait. `contention`: all start at once and share the processors. */
  readonly sharing: 'queue' | 'contention';
}

/** A point as the machine sees it: what the terms of the laws are made of. */
export interface Situation extends StagePoint {
  /** Invocations that run at once. */
  readonly concurrency: number;
  /** How many invocations run one after another in the slot that has most. */
  readonly waves: number;
  /** Processors that an invocation really gets. */
  readonly effectiveCpu: number;
  /** Work of one invocation. */
  readonly share: number;
  /** Processors that go with the memory where a platform couples them, as AWS Lambda does. */
  readonly memoryCpu: number;
}

const MIB_PER_PROCESSOR = 1769;
/** So that 0.1 × 3 of 0.3 processors counts as full and not as over-full. */
const ROUNDING = 1e-9;

const room = (whole: number | undefined, part: number): number =>
  whole === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(whole / part + ROUNDING));

export function situationOf(point: StagePoint, machine: Machine): Situation {
  const { cpu, memoryMib, workers, work } = point;
  const isQueue = machine.sharing === 'queue';
  const slots = isQueue
    ? Math.min(room(machine.processors, cpu), room(machine.memoryMib, memoryMib))
    : workers;
  const concurrency = Math.min(workers, slots);
  return {
    ...point,
    concurrency,
    waves: Math.ceil(workers / concurrency - ROUNDING),
    effectiveCpu: Math.min(cpu, (machine.processors ?? Number.POSITIVE_INFINITY) / concurrency),
    share: work / workers,
    memoryCpu: memoryMib / MIB_PER_PROCESSOR,
  };
}
