import type { Host } from '../../base/index.js';
import type { Domain, SourceName } from '../../model/index.js';
import type { Meter } from '../meter.js';
import type { IdleWatts } from '../span-ledger.js';

/** A machine busier than this is not idle, and its power no baseline. */
const IDLE_UTILISATION = 0.1;

export interface Baseline {
  readonly idleWatts: IdleWatts;
  /** Why idle power is unknown, where it is. */
  readonly reason: string | undefined;
}

/** Watches the machine before the work begins. */
export async function measureBaseline(
  host: Host,
  meter: Meter,
  cores: number,
  seconds: number,
): Promise<Baseline> {
  const begin = meter.read();
  await host.clock.sleep(seconds);
  const end = meter.read();
  const elapsed = end.at - begin.at;
  if (begin.busySeconds === undefined || end.busySeconds === undefined || elapsed <= 0) {
    return { idleWatts: () => undefined, reason: 'nothing tells how busy the machine is' };
  }
  const utilisation = (end.busySeconds - begin.busySeconds) / (elapsed * cores);
  if (utilisation > IDLE_UTILISATION) {
    const percent = Math.round(utilisation * 100);
    return {
      idleWatts: () => undefined,
      reason: `the machine was ${percent} % busy before the command began`,
    };
  }
  const before = new Map(
    begin.energies.map((figure) => [`${figure.source.name} ${figure.domain}`, figure.joules]),
  );
  const watts = new Map<string, number>();
  for (const { source, domain, joules } of end.energies) {
    const key = `${source.name} ${domain}`;
    const first = before.get(key);
    if (first !== undefined) watts.set(key, (joules - first) / elapsed);
  }
  return {
    idleWatts: (source: SourceName, domain: Domain) => watts.get(`${source} ${domain}`),
    reason: undefined,
  };
}
