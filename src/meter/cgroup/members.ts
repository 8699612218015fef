import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTextIfAny } from '../../base/index.js';
import type { ProcessIdentity } from '../../model/index.js';
import type { ProcessReader } from '../proc/process-reader.js';

/** A group's folder and those of all groups below it, the innermost first. */
export function foldersBelow(folder: string): string[] {
  try {
    const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [...below.flatMap(({ name }) => foldersBelow(join(folder, name))), folder];
  } catch {
    return [];
  }
}

/** The pids in one group. A process of a pid namespace that can't be seen from here is listed as 0. */
export const pidsIn = (folder: string): number[] =>
  (readTextIfAny(join(folder, 'cgroup.procs'))?.match(/\d+/g) ?? []).map(Number);

/** The processes that live in a group or below it. */
export function identitiesBelow(reader: ProcessReader, folder: string): ProcessIdentity[] {
  return foldersBelow(folder)
    .flatMap(pidsIn)
    .flatMap((pid) => {
      if (reader.readStat(reader.handle(pid), false) !== 'there' || reader.isZombie()) return [];
      return [{ pid, startTicks: reader.stat.startTicks, name: reader.name() }];
    });
}
