import { ErrorCode, WattloopError } from '../base/index.js';
import type { Resources, Settings } from '../model/index.js';

/** AWS Lambda gives processors in proportion to memory: one for this much, six for the most that can be had. */
const LAMBDA_MIB_PER_CPU = 1_769;
const LAMBDA_MAX_CPU = 6;
const LAMBDA_MIN_MIB = 128;
const LAMBDA_MAX_MIB = 10_240;

/** What a stage or function may ask for. */
export interface ResourcesAsked {
  readonly cpu?: number | undefined;
  readonly memoryMib?: number | undefined;
}

/** What an invocation is given, by what was asked for and the settings. Throws a WattloopError for what makes no sense. */
export function resourcesFor(settings: Settings, asked: ResourcesAsked = {}): Resources {
  const { compute } = settings;
  const memoryMib = asked.memoryMib ?? compute.memory_mib;
  if (!(memoryMib > 0 && Number.isFinite(memoryMib)))
    throw refused(`memory must be above 0 MiB, not ${memoryMib}`);
  if (compute.coupling === 'lambda') return coupled(memoryMib, asked.cpu);
  const cpu = asked.cpu ?? compute.cpu;
  if (!(cpu > 0 && Number.isFinite(cpu))) throw refused(`cpu must be above 0 processors, not ${cpu}`);
  return { cpu, memoryMib };
}

function coupled(memoryMib: number, cpu: number | undefined): Resources {
  if (cpu !== undefined)
    throw refused(`${cpu} processors were asked for, but compute.coupling "lambda" derives them from memory`);
  if (memoryMib < LAMBDA_MIN_MIB || memoryMib > LAMBDA_MAX_MIB) {
    throw refused(
      `${memoryMib} MiB are outside of what AWS Lambda offers (${LAMBDA_MIN_MIB} to ${LAMBDA_MAX_MIB} MiB)`,
    );
  }
  return { cpu: Math.min(LAMBDA_MAX_CPU, memoryMib / LAMBDA_MIB_PER_CPU), memoryMib };
}

const refused = (message: string): WattloopError =>
  new WattloopError(ErrorCode.badInput, message, {
    remedy: 'Give cpu in processors and memory in MiB; with compute.coupling "lambda" give memory alone',
  });
