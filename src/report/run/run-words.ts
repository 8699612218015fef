import type {
  Configuration,
  EnforcedLimit,
  InvocationError,
  InvocationStatus,
  RunFigures,
  RunRecord,
} from '../../model/index.js';
import { mebibytes } from '../terminal/figures.js';

const STATUSES: Readonly<Record<InvocationStatus, string>> = {
  done: 'done',
  failed: 'failed',
  timed_out: 'timed out',
  crashed: 'crashed',
  out_of_memory: 'out of memory',
  cancelled: 'cancelled',
};

export const statusWords = (status: InvocationStatus): string => STATUSES[status];

/** Seconds since 1970 as a moment that reads the same everywhere. */
export function moment(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? '-' : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** `1 failed, 1 retry`; nothing where all went well. */
export function troubleWords({ failed, retries }: RunFigures): string {
  return [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(retries > 0 ? [counted(retries, 'retry', 'retries')] : []),
  ].join(', ');
}

/** `8 invocations, 1 failed, 1 retry`. */
export const countWords = (figures: RunFigures): string =>
  [counted(figures.invocations, 'invocation'), troubleWords(figures)]
    .filter((part) => part !== '')
    .join(', ');

export const configurationWords = ({ workers, cpu, memoryMib }: Configuration): string =>
  `${workers} × ${Number(cpu.toFixed(3))} CPU, ${mebibytes(memoryMib)}`;

/** How a figure of energy was got. */
export const originWords = ({ source, provenance }: RunFigures): string =>
  [source, provenance].filter((word) => word !== undefined).join(', ');

export const limitWords = ({ by, note }: EnforcedLimit): string =>
  note === undefined ? by : `${by}: ${note}`;

/** Names of errors that tell nothing that the message doesn't. */
const PLAIN_NAMES: readonly string[] = ['Error', 'WattloopError'];

export const errorWords = ({ name, message }: InvocationError): string =>
  PLAIN_NAMES.includes(name) ? message : `${name}: ${message}`;

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

function configurationPart([name, value]: [string, unknown]): string {
  if (name === 'memoryMib') return mebibytes(Number(value));
  return name === 'workers' ? counted(Number(value), 'worker') : `${Number(value)} CPU`;
}

/** Configurations that were asked for instead of what the workflow says: `all stages: 4 workers; train: 2 CPU`. */
export function overrideWords({ settings }: Pick<RunRecord, 'settings'>): string | undefined {
  const words = Object.entries(asObject(settings.overrides)).map(([stage, asked]) => {
    const parts = Object.entries(asObject(asked)).map(configurationPart);
    return `${stage === '*' ? 'all stages' : stage}: ${parts.join(', ')}`;
  });
  return words.length === 0 ? undefined : words.join('; ');
}

/** Where its partitions are; undefined where that was not kept. */
export const storageWords = ({ settings }: Pick<RunRecord, 'settings'>): string | undefined =>
  typeof settings.storage === 'string' ? settings.storage : undefined;
