import type { ProcessIdentity, Usage } from '../../model/index.js';
import type { FollowedTree } from '../source.js';
import { type ChildFinder, childFinders } from './children.js';
import { Member, togetherMib } from './member.js';
import type { OwnChildren } from './own-children.js';
import type { ProcessIo } from './process-files.js';
import type { ProcessReader } from './process-reader.js';
import { bequeath, TrackedProcess } from './tracked-process.js';

export interface TreeOptions {
  readonly reader: ProcessReader;
  readonly pid: number;
  /** Ticks after boot of now: what began before counts from its first reading, what began later from its start. */
  readonly nowTicks: number;
  readonly ownChildren: OwnChildren;
}

/**
 * A process and its descendants. Once seen, a descendant stays a member though its parent dies and another takes it in.
 * A member that ended counts by what its parent had waited for, which is exact, or else by its last reading. So what is
 * lost is the last bit of orphans, and descendants that were born and orphaned between two readings.
 */
export class ProcessTree implements FollowedTree {
  readonly #options: TreeOptions;
  readonly #finders: () => ChildFinder;
  readonly #members = new Map<number, Member>();
  /** Of ended members, what no living member's figure contains. */
  #retiredSeconds = 0;
  #retiredIo = { readBytes: 0, writtenBytes: 0 };
  #hasIo = true;
  #last: Usage = { cpuSeconds: 0 };
  #isFirst = true;

  constructor(options: TreeOptions) {
    this.#options = options;
    this.#finders = childFinders(options.reader, options.pid);
    this.#scan();
    this.#isFirst = false;
    for (const member of this.#members.values()) member.refresh();
    const root = this.#members.get(options.pid);
    if (root) options.ownChildren.follow(root.process);
  }

  /** False when the process was not there to be followed. */
  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  read(): Usage {
    this.#scan();
    this.#options.ownChildren.glance();
    for (const member of this.#members.values()) member.refresh();
    let cpuSeconds = this.#retiredSeconds;
    for (const { process } of this.#members.values()) cpuSeconds += process.subtreeSeconds;
    const memory = this.#memory();
    this.#last = {
      cpuSeconds: Math.max(this.#last.cpuSeconds, cpuSeconds),
      ...(memory === undefined ? {} : { memoryPeakMib: memory }),
      ...this.#io(),
    };
    return this.#last;
  }

  living(): ProcessIdentity[] {
    this.#scan();
    return [...this.#members.values()].filter(({ isZombie }) => !isZombie).map((m) => m.process.identity);
  }

  close(): void {
    for (const member of this.#members.values()) {
      this.#options.reader.release(member.handle);
      member.close();
      this.#options.ownChildren.forget(member.process);
    }
    this.#members.clear();
  }

  /** Parents before children: a child that is alive after its parent was read is not in what that parent had waited for. */
  #scan(): void {
    const finder = this.#finders();
    const ended = new Map<number, Member>();
    const visited = new Set<number>();
    const walk = (tops: readonly number[]): void => {
      const queue = [...tops];
      for (let next = 0; next < queue.length; next++) {
        const pid = queue[next];
        if (pid === undefined || visited.has(pid)) continue;
        visited.add(pid);
        const member = this.#visit(pid, ended);
        if (member && !member.isZombie) queue.push(...finder(pid, member.process.threads));
      }
    };
    walk([this.#options.pid]);
    // Those whose parents are no members any more, and those that a list has missed while it changed.
    const others = [...this.#members.values()].map(({ process }) => process);
    walk(others.filter(({ ppid }) => !this.#members.has(ppid)).map(({ pid }) => pid));
    walk(others.map(({ pid }) => pid));
    if (ended.size > 0) this.#bury(ended);
    for (const { process } of this.#members.values()) process.settle();
  }

  #visit(pid: number, ended: Map<number, Member>): Member | undefined {
    const { reader, nowTicks } = this.#options;
    const known = this.#members.get(pid);
    const handle = known?.handle ?? reader.handle(pid);
    // Before stat: should the process run between the two, the next scan sees that it has.
    const run = reader.hasSchedstat ? reader.readRunNanoseconds(handle, true) : undefined;
    if (known && run !== undefined && run === known.run) return known;
    const presence = reader.readStat(handle, true);
    const { startTicks, ppid, threads } = reader.stat;
    if (presence === 'there' && (known === undefined || known.process.startTicks === startTicks)) {
      const isRelated = pid === this.#options.pid ? this.#isFirst : this.#members.has(ppid);
      if (known === undefined && !isRelated) {
        reader.release(handle);
        return undefined;
      }
      const [own, waited] = [reader.ownSeconds(run), reader.waitedSeconds()];
      const isNew = !this.#isFirst && startTicks >= nowTicks;
      const before = isNew ? { own: 0, waited: 0 } : { own, waited };
      const member =
        known ?? new Member(reader.host, new TrackedProcess(pid, startTicks, before), handle, isNew);
      const { process } = member;
      process.update(own, waited);
      Object.assign(process, { name: reader.name(), ppid, threads });
      member.isZombie = reader.isZombie();
      member.isStale = true;
      member.run = threads === 1 ? run : undefined;
      this.#members.set(pid, member);
      return member;
    }
    if (presence === 'unreadable' && known) return known;
    reader.release(handle);
    if (known) {
      known.close();
      this.#members.delete(pid);
      ended.set(pid, known);
    }
    return undefined;
  }

  #memory(): number | undefined {
    const now = togetherMib([...this.#members.values()].flatMap((member) => member.memory ?? []));
    const before = this.#last.memoryPeakMib;
    return now === undefined || before === undefined ? (now ?? before) : Math.max(now, before);
  }

  /** Nothing when any member's can't be read: a part would be taken for the whole. */
  #io(): ProcessIo | undefined {
    if (!this.#hasIo) return undefined;
    let { readBytes, writtenBytes } = this.#retiredIo;
    for (const member of this.#members.values()) {
      if (member.ioIsDenied) this.#hasIo = false;
      readBytes += member.io?.readBytes ?? 0;
      writtenBytes += member.io?.writtenBytes ?? 0;
    }
    if (!this.#hasIo) return undefined;
    return {
      readBytes: Math.max(readBytes, this.#last.readBytes ?? 0),
      writtenBytes: Math.max(writtenBytes, this.#last.writtenBytes ?? 0),
    };
  }

  #bury(ended: Map<number, Member>): void {
    // Children of the dead have a new parent, which they need not run to get: nothing else would show it.
    for (const member of [...this.#members.values()].filter(({ process }) => ended.has(process.ppid))) {
      member.run = undefined;
      this.#visit(member.process.pid, ended);
    }
    const byProcess = new Map([...ended.values()].map((member) => [member.process, member]));
    const heirOf = ({ ppid }: TrackedProcess): Member | undefined =>
      this.#members.get(ppid) ?? ended.get(ppid);
    const orphans = new Set(bequeath(new Set(byProcess.keys()), (process) => heirOf(process)?.process));
    for (const [process, member] of byProcess) {
      if (orphans.has(process)) {
        this.#retiredSeconds += process.subtreeSeconds + this.#options.ownChildren.claim(process);
        this.#retiredIo.readBytes += member.io?.readBytes ?? 0;
        this.#retiredIo.writtenBytes += member.io?.writtenBytes ?? 0;
      } else heirOf(process)?.inheritIo(member);
    }
  }
}
