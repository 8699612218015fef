import { HEAP_EXHAUSTED } from '../local/heap-flags.js';
import type { WorkerLimits } from '../local/limits/limiter.js';
import type { ReplicaEnd, ReplicaPlan } from './replica.js';

const SAID_LIMIT = 2_000;
/** What a shell says of a program that it can't start. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of its standard error, or why it could not be started. */
  readonly said: string;
  /** It was asked to end. */
  readonly wasStopped: boolean;
  /** Whoever watches its memory ended it. */
  readonly wasTooLarge: boolean;
}

/** How a replica came to its end, in words. */
export function describeEnd(plan: ReplicaPlan, exit: Exit, limits: WorkerLimits | undefined): ReplicaEnd {
  const { code, signal, wasStopped } = exit;
  const said = exit.said.slice(-SAID_LIMIT);
  const killed = signal === 'SIGKILL' && !wasStopped && (limits?.outOfMemoryKills() ?? 0) > 0;
  if (exit.wasTooLarge || killed || HEAP_EXHAUSTED.test(said)) {
    const given = plan.limits.memoryMib;
    const than = given === undefined ? 'there is' : `the ${Math.round(given)} MiB that it was given`;
    return { reason: 'out_of_memory', message: `needs more memory than ${than}` };
  }
  const how = signal === null ? exitWords(plan, code) : `was killed by ${signal}`;
  return {
    reason: wasStopped ? 'stopped' : 'crashed',
    message: said === '' || wasStopped ? how : `${how}: ${said}`,
  };
}

function exitWords({ kind, command }: ReplicaPlan, code: number | null): string {
  if (code === null) return 'could not be started';
  if (kind === 'http' && (code === NOT_FOUND || code === NOT_EXECUTABLE)) {
    return `ended with code ${code}, as a shell does when the program "${command?.[0]}" ${code === NOT_FOUND ? 'is not found' : "can't be executed"}`;
  }
  return `ended with code ${code}`;
}
