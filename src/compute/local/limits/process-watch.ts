import { type Host, readTextIfAny } from '../../../base/index.js';
import { processTree } from './process-tree.js';

const WATCH_MILLISECONDS = 100;
/** What the kernel tells user space its ticks are, on every architecture that Node.js runs on. */
const TICKS_PER_SECOND = 100;
const KIB_PER_MIB = 1_024;

/** Resident memory and CPU time of a process and what it started, looked at now and then where no control group tells. */
export class ProcessWatch {
  readonly #host: Host;
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  readonly #cpu = new Map<number, number>();
  cpuSeconds = 0;

  /** `seen` is told the resident MiB of the whole tree at every look. */
  constructor(host: Host, pid: number, seen: (residentMib: number) => void) {
    this.#host = host;
    this.#pid = pid;
    const look = (): void => seen(this.#look());
    this.#timer = setInterval(look, WATCH_MILLISECONDS).unref();
    look();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): number {
    let residentKib = 0;
    for (const pid of processTree(this.#host, this.#pid)) {
      const stat = readTextIfAny(this.#host.proc(String(pid), 'stat'));
      if (stat === undefined) continue;
      const status = readTextIfAny(this.#host.proc(String(pid), 'status')) ?? '';
      residentKib += Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
      // The name stands in brackets and may hold anything; field 3 follows the last one.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const field = (number: number): number => Number(fields[number - 3] ?? 0);
      this.#cpu.set(pid, (field(14) + field(15)) / TICKS_PER_SECOND);
    }
    this.cpuSeconds = [...this.#cpu.values()].reduce((sum, seconds) => sum + seconds, 0);
    return residentKib / KIB_PER_MIB;
  }
}
