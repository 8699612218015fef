import { BYTES_PER_MIB, type Resources } from '../../../model/index.js';
import type { QuantitiesAsWritten } from './description.js';
import { Misdescribed } from './misdescribed.js';
import { CPU_FORM, cpuCount, MEMORY_FORM, memoryMib } from './quantity.js';

/** No process of any language starts with less. */
const LEAST_MIB = 1;

/** Limits or requests, as `section` has them. */
export function readQuantities(
  section: 'limits' | 'requests',
  written: QuantitiesAsWritten = {},
): Partial<Resources> {
  const memory = written.memory?.trim() ?? '';
  const cpu = written.cpu?.trim() ?? '';
  return {
    ...(memory !== '' && { memoryMib: readMemory([section, 'memory'], memory) }),
    ...(cpu !== '' && { cpu: readCpu([section, 'cpu'], cpu) }),
  };
}

function readMemory(path: readonly string[], text: string): number {
  const mib = memoryMib(text);
  if (mib === undefined) throw new Misdescribed(path, `must be ${MEMORY_FORM}, not ${shown(text)}`);
  if (mib >= LEAST_MIB) return mib;
  const remedy = /^\d+$/.test(text) ? `Did you mean ${text}Mi?` : `Write ${MEMORY_FORM}`;
  throw new Misdescribed(
    path,
    `${shown(text)} are ${Math.round(mib * BYTES_PER_MIB)} bytes, too few to run in`,
    remedy,
  );
}

function readCpu(path: readonly string[], text: string): number {
  const cpu = cpuCount(text);
  if (cpu !== undefined && cpu > 0) return cpu;
  throw new Misdescribed(path, `must be ${CPU_FORM} and above 0, not ${shown(text)}`);
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 80));
