import { constants } from 'node:os';
import { NativeError } from '../native/libc.js';
import type { PerfEvent, PerfOptions } from '../native/perf-attributes.js';
import type { OpenPerfGroup, PerfReading, PerfTarget } from '../native/perf-event.js';

export interface FakeCount {
  readonly count: bigint;
  readonly enabled?: bigint;
  readonly running?: bigint;
}

export const systemError = (code: keyof typeof constants.errno): NativeError =>
  new NativeError('fake', constants.errno[code]);

/** A kernel's counters without a kernel: a test says which events are refused and what they count. */
export class FakePerf {
  /** Errno's name for what can't be opened. */
  refuse: (
    event: PerfEvent,
    target: PerfTarget,
    options: PerfOptions,
  ) => keyof typeof constants.errno | undefined = () => undefined;
  /** Whether so many events can be counted at once. */
  fits: (events: readonly PerfEvent[]) => boolean = () => true;
  /** Throws what a read would throw. */
  count: (event: PerfEvent, target: PerfTarget) => FakeCount = () => ({ count: 0n });
  /** Groups that are open now. */
  readonly open = new Set<{ readonly events: readonly PerfEvent[]; readonly target: PerfTarget }>();

  readonly openGroup: OpenPerfGroup = (events, target, options = {}) => {
    for (const event of events) {
      const code = this.refuse(event, target, options);
      if (code !== undefined) throw systemError(code);
    }
    if (!this.fits(events)) throw systemError('EINVAL');
    const group = { events, target };
    this.open.add(group);
    return {
      read: (): PerfReading => {
        const read = events.map((event) => this.count(event, target));
        const enabled = read[0]?.enabled ?? 1n;
        return {
          enabled,
          running: read[0]?.running ?? enabled,
          counts: BigUint64Array.from(read, ({ count }) => count),
        };
      },
      enable: () => undefined,
      disable: () => undefined,
      reset: () => undefined,
      close: () => void this.open.delete(group),
    };
  };
}
