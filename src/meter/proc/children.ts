import { readdirSync } from 'node:fs';
import { listIfAny, readTextIfAny } from '../../base/index.js';
import type { ProcessReader } from './process-reader.js';

/** Finds the children of a process at one moment. */
export type ChildFinder = (pid: number, threads: number) => number[];

const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);

/** By the kernel's own lists (CONFIG_PROC_CHILDREN): each thread names the children that it started or took in. */
function fromLists(reader: ProcessReader): ChildFinder {
  const { host } = reader;
  return (pid, threads) => {
    const tasks = threads === 1 ? [String(pid)] : listIfAny(`${host.procfs}/${pid}/task`);
    return tasks.flatMap((task) =>
      numbers(readTextIfAny(`${host.procfs}/${pid}/task/${task}/children`) ?? ''),
    );
  };
}

/** By the parents that all processes name. One finder serves one moment: it looks at the machine once. */
function fromScan(reader: ProcessReader): ChildFinder {
  let children: Map<number, number[]> | undefined;
  const look = (): Map<number, number[]> => {
    const found = new Map<number, number[]>();
    for (const entry of readdirSync(reader.host.procfs)) {
      if (!/^\d+$/.test(entry)) continue;
      if (reader.readStat(reader.handle(Number(entry)), false) !== 'there') continue;
      const siblings = found.get(reader.stat.ppid);
      if (siblings) siblings.push(Number(entry));
      else found.set(reader.stat.ppid, [Number(entry)]);
    }
    return found;
  };
  return (pid) => {
    children ??= look();
    return children.get(pid) ?? [];
  };
}

/** Makes a finder for one reading of the tree below `pid`, in the cheapest way that this kernel has. */
export function childFinders(reader: ProcessReader, pid: number): () => ChildFinder {
  const list = reader.host.proc(String(pid), 'task', String(pid), 'children');
  if (readTextIfAny(list) === undefined) return () => fromScan(reader);
  const finder = fromLists(reader);
  return () => finder;
}

/** All processes below `pid` at this moment. */
export function descendants(reader: ProcessReader, pid: number): number[] {
  const finder = childFinders(reader, pid)();
  const found = new Set<number>();
  const queue = [pid];
  for (const next of queue) {
    const threads = reader.readStat(reader.handle(next), false) === 'there' ? reader.stat.threads : 1;
    for (const child of finder(next, threads)) {
      if (found.has(child)) continue;
      found.add(child);
      queue.push(child);
    }
  }
  return [...found];
}
