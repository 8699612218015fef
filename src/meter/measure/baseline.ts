import type { Host } from '../../base/index.js';
import type { Domain, SourceName } from '../../model/index.js';
import type { Meter } from '../meter.js';
import type { IdleWatts } from '../span/span-ledger.js';

/** A machine busier than this is not idle, and its power no baseline. */
const IDLE_UTILISATION = 0.05;

export interface Baseline {
  readonly idleWatts: IdleWatts;
  /** Why idle power is unknown, where it is. */
  readonly reason: string;
}

const unknown = (reason: string): Baseline => ({ idleWatts: () => undefined, reason });

/** Where the machine was not watched. */
export const NO_BASELINE: Baseline = unknown('it was not watched before the command (--baseline 0)');

/**
 * Watches the machine before the work begins. What it draws then is what it draws idle if it does next to nothing; if it
 * does not, idle power stays unknown: a busy machine's power for idle would take from the command what is the command's.
 */
export async function measureBaseline(
  host: Host,
  meter: Pick<Meter, 'read'>,
  logicalCpus: number,
  seconds: number,
  signal?: AbortSignal,
): Promise<Baseline> {
  const begin = meter.read();
  await host.clock.sleep(seconds, signal);
  const end = meter.read();
  const elapsed = end.at - begin.at;
  if (begin.busySeconds === undefined || end.busySeconds === undefined || elapsed <= 0)
    return unknown('nothing tells how busy the machine is');
  const utilisation = (end.busySeconds - begin.busySeconds) / (elapsed * logicalCpus);
  if (utilisation > IDLE_UTILISATION)
    return unknown(`the machine was ${Math.round(utilisation * 100)} % busy before the command began`);
  const before = new Map(
    begin.energies.map((figure) => [`${figure.source.name} ${figure.domain}`, figure.joules]),
  );
  const watts = new Map<string, number>();
  for (const { source, domain, joules } of end.energies) {
    const key = `${source.name} ${domain}`;
    const first = before.get(key);
    if (first === undefined) continue;
    const drawn = joules - first;
    // A counter that is asked now and then may simply not have moved yet.
    if (drawn > 0 || source.instant) watts.set(key, drawn / elapsed);
  }
  return {
    idleWatts: (source: SourceName, domain: Domain) => watts.get(`${source} ${domain}`),
    reason: 'a source did not answer while the machine was watched',
  };
}
