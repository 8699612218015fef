import { ErrorCode, type Host, KernelFile, messageOf, WattloopError } from '../../base/index.js';

/** Seconds that each logical processor has been busy, by its number, since some moment. */
export interface BusyTime {
  read(): ReadonlyMap<number, number>;
  close(): void;
}

// The kernel gives user programs 100 ticks a second on every architecture that this runs on, whatever its own rate is.
const TICKS_PER_SECOND = 100;

/** From /proc/stat. Time that a hypervisor took away (steal) is not busy: nothing ran here. */
export function procBusyTime(host: Host): BusyTime {
  const path = host.proc('stat');
  let file: KernelFile;
  try {
    file = new KernelFile(path, 16_384);
  } catch (error) {
    throw new WattloopError(ErrorCode.notFound, `${path}: ${messageOf(error)}`, {
      remedy: 'Give --procfs a tree with a file stat, or drive the machine by a curve (--curve)',
      cause: error,
    });
  }
  return {
    read: () => {
      const busy = new Map<number, number>();
      for (const match of file.text().matchAll(/^cpu(\d+) (.*)$/gm)) {
        const [user = 0, nice = 0, system = 0, , , interrupt = 0, soft = 0] = (match[2] ?? '')
          .trim()
          .split(/\s+/)
          .map(Number);
        busy.set(Number(match[1]), (user + nice + system + interrupt + soft) / TICKS_PER_SECOND);
      }
      return busy;
    },
    close: () => file.close(),
  };
}
