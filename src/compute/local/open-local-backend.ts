import { availableParallelism, totalmem } from 'node:os';
import type { Host } from '../../base/index.js';
import { BYTES_PER_MIB, type Settings } from '../../model/index.js';
import type { ComputeBackend } from '../backend.js';
import { describePlatform } from './describe-platform.js';
import { chooseLimiter } from './limits/choose-limiter.js';
import { LocalBackend } from './local-backend.js';
import { Room } from './room.js';
import { WORKER_PROGRAM } from './worker-program.js';

export interface LocalBackendOptions {
  /** The worker's program, if it is not the one that comes with Wattloop. */
  readonly workerProgram?: string;
}

/** Warm worker processes on this machine. Nothing is started before the first task. */
export async function openLocalBackend(
  host: Host,
  settings: Settings,
  options: LocalBackendOptions = {},
): Promise<ComputeBackend> {
  const { local } = settings.compute;
  const limiter = await chooseLimiter(host, local.limits);
  const room = new Room(
    local.max_cpus ?? availableParallelism(),
    local.max_memory_mib ?? availableMemoryMib(),
  );
  const platform = describePlatform(host, limiter);
  const program = options.workerProgram ?? WORKER_PROGRAM;
  return new LocalBackend({ host, settings, limiter, platform, room, program });
}

/** What this process may use: the machine's memory, or less where its control group says so. */
function availableMemoryMib(): number {
  const machine = totalmem();
  const constrained = process.constrainedMemory();
  return (
    (constrained !== undefined && constrained > 0 ? Math.min(machine, constrained) : machine) / BYTES_PER_MIB
  );
}
