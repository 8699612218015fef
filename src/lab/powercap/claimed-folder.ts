import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import {
  ErrorCode,
  type Host,
  messageOf,
  readTextIfAny,
  systemCode,
  WattloopError,
} from '../../base/index.js';

const MARKER = '.wattloop-powercap';
const TITLE = 'wattloop virtual powercap tree';

/** Pid and start time, so that a later process with the same pid is not taken for this one. */
function processMark(host: Host, pid: string): string | undefined {
  const stat = readTextIfAny(host.proc(pid, 'stat'));
  // The name in parentheses may hold spaces; field 22 is the twentieth after it.
  const ticks = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return ticks === undefined ? undefined : `${pid} ${ticks}`;
}

function removeIfOurs(path: string): void {
  try {
    if (lstatSync(path).isDirectory()) rmdirSync(path);
    else unlinkSync(path);
  } catch (error) {
    // Gone already, or a folder in which someone else has put something: theirs to keep.
    if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ENOTEMPTY') throw error;
  }
}

/**
 * A folder in which a virtual tree is written. It must be new or empty, or hold the remains of a tree whose process is
 * gone. Everything made in it is first noted in a marker file, and only what is noted is ever removed.
 */
export class ClaimedFolder {
  readonly root: string;
  readonly #marker: string;
  /** Paths to remove at the end, in the order in which they were made. */
  readonly #made: string[] = [];

  constructor(root: string, host: Host) {
    this.root = resolve(root);
    this.#marker = join(this.root, MARKER);
    try {
      this.#clearRemains(host);
      this.#refuseOthers();
      this.#makeWithParents(this.root);
      const mark = processMark(host, String(process.pid)) ?? String(process.pid);
      writeFileSync(this.#marker, `${TITLE}\n${mark}\n`, { flag: 'wx' });
    } catch (error) {
      this.release();
      if (error instanceof WattloopError) throw error;
      throw new WattloopError(ErrorCode.writeFailed, `${this.root}: ${messageOf(error)}`, {
        remedy: 'Name a folder that you may write to',
        cause: error,
      });
    }
    this.#made.push(this.#marker);
  }

  folder(...parts: string[]): string {
    const path = this.#note(parts);
    mkdirSync(path);
    return path;
  }

  link(target: string, ...parts: string[]): void {
    symlinkSync(target, this.#note(parts));
  }

  file(text: string, ...parts: string[]): void {
    writeFileSync(this.#note(parts), text, { mode: 0o444, flag: 'wx' });
  }

  /** Where a file will stand that the caller makes. */
  place(...parts: string[]): string {
    return this.#note(parts);
  }

  /** Removes what was made, and nothing else. Safe to call twice. */
  release(): void {
    for (const path of this.#made.reverse()) removeIfOurs(path);
    this.#made.length = 0;
  }

  // Not mkdir's own "recursive": where no folder can be made, as in /proc, that never comes back.
  #makeWithParents(path: string): void {
    if (existsSync(path)) return;
    this.#makeWithParents(dirname(path));
    mkdirSync(path);
    this.#made.push(path);
  }

  #note(parts: readonly string[]): string {
    const path = join(this.root, ...parts);
    appendFileSync(this.#marker, `${join(...parts)}\n`);
    this.#made.push(path);
    return path;
  }

  #clearRemains(host: Host): void {
    const [title, owner, ...paths] = (readTextIfAny(this.#marker) ?? '').split('\n');
    if (title !== TITLE || owner === undefined) return;
    if (processMark(host, owner.split(' ')[0] ?? '') === owner) {
      throw new WattloopError(
        ErrorCode.badUsage,
        `${this.root} is in use by another virtual powercap tree (process ${owner.split(' ')[0]})`,
        { remedy: 'End that process or name another folder' },
      );
    }
    for (const path of paths.reverse()) {
      const inside = path !== '' && !normalize(path).startsWith('..');
      if (inside) removeIfOurs(join(this.root, path));
    }
    unlinkSync(this.#marker);
  }

  #refuseOthers(): void {
    if (!existsSync(this.root)) return;
    if (!lstatSync(this.root).isDirectory() || readdirSync(this.root).length > 0) {
      throw new WattloopError(
        ErrorCode.badUsage,
        `${this.root} is not an empty folder, and nothing in it will be overwritten`,
        { remedy: 'Name a folder that does not exist yet or is empty' },
      );
    }
  }
}
