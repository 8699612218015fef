import { HEAP_EXHAUSTED } from '../local/heap-flags.js';
import type { ReplicaEnd, ReplicaPlan } from './replica.js';
import type { ProcessExit } from './replica-process.js';

const SAID_LIMIT = 2_000;
/** What a shell says of a program that it can't start. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

export interface Circumstances {
  readonly wasStopped: boolean;
  /** Why it was ended before it was ready. */
  readonly refusal: string | undefined;
  readonly outOfMemoryKills: number;
}

/** How a replica came to its end, in words. */
export function describeEnd(plan: ReplicaPlan, exit: ProcessExit, around: Circumstances): ReplicaEnd {
  const { code, signal, wasTooLarge } = exit;
  const said = exit.said.slice(-SAID_LIMIT);
  const { wasStopped, refusal, outOfMemoryKills } = around;
  const wasKilled = signal === 'SIGKILL' && !wasStopped && refusal === undefined && outOfMemoryKills > 0;
  if (wasTooLarge || wasKilled || (code !== 0 && HEAP_EXHAUSTED.test(said))) {
    const given = plan.limits.memoryMib;
    const than = given === undefined ? 'there is' : `the ${Math.round(given)} MiB that it was given`;
    return { reason: 'out_of_memory', message: `it needs more memory than ${than}` };
  }
  if (refusal !== undefined && !wasStopped) return { reason: 'crashed', message: refusal };
  const how = signal === null ? exitWords(plan, code) : `it was killed by ${signal}`;
  return wasStopped
    ? { reason: 'stopped', message: how }
    : { reason: 'crashed', message: said === '' ? how : `${how}: ${said}` };
}

function exitWords({ kind, command }: ReplicaPlan, code: number | null): string {
  if (code === null) return 'it could not be started';
  if (kind !== 'http' || (code !== NOT_FOUND && code !== NOT_EXECUTABLE)) return `it ended with code ${code}`;
  const why = code === NOT_FOUND ? 'is not found' : "can't be executed";
  return `it ended with code ${code}, as where the program "${command?.[0]}" ${why}`;
}
