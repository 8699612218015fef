import { type Dirent, readdirSync } from 'node:fs';
import { ErrorCode, type Logger, systemCode, WattloopError } from '../base/index.js';

interface Root {
  readonly name: 'sysfs' | 'procfs';
  /** A tree of this kind has at least one of these, be it cut down to what a test or a container needs. */
  readonly marks: readonly string[];
}

const ROOTS: readonly Root[] = [
  {
    name: 'sysfs',
    marks: ['block', 'bus', 'class', 'dev', 'devices', 'firmware', 'fs', 'kernel', 'module', 'power'],
  },
  { name: 'procfs', marks: ['self', 'stat', 'cpuinfo', 'meminfo', 'uptime', 'mounts', 'sys'] },
];

/** Refuses a root that is no folder, and warns of one that holds nothing of what it should. */
export function checkRoots(roots: Readonly<Record<Root['name'], string>>, log: Logger): void {
  for (const { name, marks } of ROOTS) {
    const path = roots[name];
    let entries: Dirent[];
    try {
      entries = readdirSync(path, { withFileTypes: true });
    } catch (error) {
      const why = systemCode(error);
      const what =
        why === 'ENOENT' ? 'does not exist' : why === 'ENOTDIR' ? 'is no folder' : `can't be read (${why})`;
      throw new WattloopError(ErrorCode.badUsage, `the root of the ${name} tree, ${path}, ${what}`, {
        remedy: `Give --${name} a folder, or leave it out for this machine's own`,
        cause: error,
      });
    }
    if (!entries.some((entry) => marks.includes(entry.name)))
      log.warn(`the root of the ${name} tree looks like none: nothing in it is of a ${name}`, { path });
  }
}
