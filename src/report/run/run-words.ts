import type { Configuration, EnforcedLimit, InvocationStatus, RunFigures } from '../../model/index.js';
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
