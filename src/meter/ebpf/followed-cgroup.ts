import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Host, readTextIfAny } from '../../base/index.js';
import type { ProcessIdentity, Usage } from '../../model/index.js';
import type { FollowedTree } from '../source.js';
import { type Amount, usageOf } from './amount.js';
import type { CgroupAccount } from './cgroup-account.js';
import { identify } from './proc-stat.js';

/** The processes in a group's folder and in those below it. */
function membersBelow(host: Host, folder: string): ProcessIdentity[] {
  try {
    const own = (readTextIfAny(join(folder, 'cgroup.procs')) ?? '').split('\n').filter(Boolean);
    const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [
      ...own.flatMap((pid) => identify(host, Number(pid)) ?? []),
      ...below.flatMap(({ name }) => membersBelow(host, join(folder, name))),
    ];
  } catch {
    // Removed meanwhile.
    return [];
  }
}

export interface FollowedCgroupParts {
  readonly host: Host;
  readonly account: CgroupAccount;
  readonly mount: string;
  readonly path: string;
  readonly countsCycles: boolean;
  readonly whenClosed: (followed: FollowedCgroup) => void;
}

/** A control group with all groups below it, followed from one moment on. */
export class FollowedCgroup implements FollowedTree {
  readonly #parts: FollowedCgroupParts;
  readonly #before: Amount;
  #last: Usage | undefined;

  constructor(parts: FollowedCgroupParts) {
    this.#parts = parts;
    this.#before = parts.account.amount(parts.path);
  }

  read(): Usage {
    if (this.#last !== undefined) return this.#last;
    const { account, path, countsCycles } = this.#parts;
    const { ns, cycles, switches } = account.amount(path);
    const since = {
      ns: ns - this.#before.ns,
      cycles: cycles - this.#before.cycles,
      switches: switches - this.#before.switches,
    };
    return usageOf(since, countsCycles);
  }

  living(): ProcessIdentity[] {
    if (this.#last !== undefined) return [];
    return membersBelow(this.#parts.host, join(this.#parts.mount, this.#parts.path));
  }

  close(): void {
    if (this.#last !== undefined) return;
    this.#last = this.read();
    this.#parts.whenClosed(this);
  }
}
