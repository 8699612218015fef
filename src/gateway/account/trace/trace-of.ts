import { ErrorCode, WattloopError } from '../../../base/index.js';
import type { AccountedCall, NodeSecond, Trace, TraceDescription } from '../../../model/index.js';
import type { OpenCall } from '../calls/running-call.js';

/** Places of names in the order in which they come. */
class Names {
  readonly all: string[] = [];
  readonly #places = new Map<string, number>();

  of(name: string): number {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    this.#places.set(name, this.all.length);
    return this.all.push(name) - 1;
  }
}

/** Ticks and calls as the trace that `attribute` takes. Its clock begins with the first tick. */
export function traceOf(
  seconds: readonly NodeSecond[],
  calls: readonly AccountedCall[],
  open: Iterable<OpenCall>,
  description: TraceDescription,
): Trace {
  const first = seconds[0];
  const last = seconds.at(-1);
  if (first === undefined || last === undefined) {
    throw new WattloopError(ErrorCode.notFound, 'nothing of that time is kept second by second', {
      remedy: 'Ask for a later time, or set gateway.retention.raw_hours higher',
    });
  }
  const start = first.at - first.seconds;
  const ran: readonly OpenCall[] = [...calls, ...open];
  const inside = ran.filter(({ startedAt, endedAt }) => startedAt < last.at && endedAt >= start);
  const functions = new Names();
  const index = Uint32Array.from(inside, (call) => functions.of(call.function));
  const idle = seconds.flatMap((second) => second.idleWatts ?? []);
  const idleWatts = idle.length > 0 ? idle.reduce((sum, watts) => sum + watts, 0) / idle.length : undefined;
  return {
    power: {
      t: Float64Array.from(seconds, ({ at }) => at - start),
      systemWatts: Float64Array.from(seconds, ({ watts }) => watts ?? Number.NaN),
      cpuWatts: Float64Array.from(seconds, ({ cpuWatts }) => cpuWatts ?? Number.NaN),
    },
    invocations: {
      functions: functions.all,
      functionIndex: index,
      start: Float64Array.from(inside, ({ startedAt }) => startedAt - start),
      end: Float64Array.from(inside, ({ endedAt }) => endedAt - start),
      cold: Uint8Array.from(inside, ({ cold }) => Number(cold)),
    },
    usage: usageOf(seconds, start),
    description: { ...(idleWatts !== undefined && { idleWatts }), ...description },
  };
}

function usageOf(seconds: readonly NodeSecond[], start: number): NonNullable<Trace['usage']> {
  const principals = new Names();
  const rows: [principal: number, t: number, cpuSeconds: number][] = [];
  for (const { at, cpuSeconds } of seconds) {
    for (const [name, used] of Object.entries(cpuSeconds)) rows.push([principals.of(name), at - start, used]);
  }
  const unknown = (): Float64Array => new Float64Array(rows.length).fill(Number.NaN);
  return {
    principals: principals.all,
    principalIndex: Uint32Array.from(rows, ([principal]) => principal),
    t: Float64Array.from(rows, ([, t]) => t),
    cpuSeconds: Float64Array.from(rows, ([, , used]) => used),
    cycles: unknown(),
    instructions: unknown(),
    llcMisses: unknown(),
  };
}
