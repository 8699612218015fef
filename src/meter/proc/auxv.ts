import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Host } from '../../base/index.js';

const AT_NULL = 0;
const AT_PAGESZ = 6;
const AT_CLKTCK = 17;
/** USER_HZ, which is part of the kernel's interface: 100 on every architecture that Node.js runs on. */
const USER_HZ = 100;
const USUAL_PAGE_BYTES = 4096;

export interface KernelUnits {
  readonly ticksPerSecond: number;
  readonly pageBytes: number;
}

function entries(bytes: Buffer, word: 4 | 8, little: boolean): Map<number, number> | undefined {
  const at = (offset: number): number => {
    if (word === 4) return little ? bytes.readUInt32LE(offset) : bytes.readUInt32BE(offset);
    return Number(little ? bytes.readBigUInt64LE(offset) : bytes.readBigUInt64BE(offset));
  };
  const found = new Map<number, number>();
  for (let offset = 0; offset + 2 * word <= bytes.length; offset += 2 * word) {
    const type = at(offset);
    if (type === AT_NULL) return found;
    found.set(type, at(offset + word));
  }
  return undefined;
}

/**
 * The clock tick and page size from a process's auxiliary vector. Word size and byte order are those of the machine that
 * wrote it; only the right reading of the four gives a page that is a power of two and a sensible tick.
 */
export function parseAuxv(bytes: Buffer): KernelUnits | undefined {
  for (const word of [8, 4] as const) {
    for (const little of [true, false]) {
      const found = entries(bytes, word, little);
      const pageBytes = found?.get(AT_PAGESZ) ?? 0;
      const ticksPerSecond = found?.get(AT_CLKTCK) ?? 0;
      const sensible = pageBytes >= 1024 && pageBytes <= 2 ** 24 && Number.isInteger(Math.log2(pageBytes));
      if (sensible && ticksPerSecond > 0 && ticksPerSecond <= 10_000) return { ticksPerSecond, pageBytes };
    }
  }
  return undefined;
}

function getconf(name: string): number | undefined {
  try {
    const value = Number(execFileSync('getconf', [name], { encoding: 'utf8', timeout: 2_000 }));
    return Number.isInteger(value) && value > 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The units that the files below /proc count in. `ask` is how a running system is asked when the vector can't be read. */
export function kernelUnits(host: Host, ask: (name: string) => number | undefined = getconf): KernelUnits {
  try {
    const units = parseAuxv(readFileSync(host.proc('self/auxv')));
    if (units) return units;
  } catch {
    // Hidden or not there: ask.
  }
  const asked = (name: string): number | undefined => (host.live ? ask(name) : undefined);
  return {
    ticksPerSecond: asked('CLK_TCK') ?? USER_HZ,
    pageBytes: asked('PAGESIZE') ?? USUAL_PAGE_BYTES,
  };
}
