import type { AccountTick } from '../account.js';
import type { CarbonNow } from '../carbon/carbon-now.js';

/** How figures were got, for people. */
export function provenanceOf(
  tick: AccountTick | undefined,
  carbon: CarbonNow,
  updateSeconds: number,
  lostEvents: number,
): Record<string, string> {
  const rate = tick?.rate;
  return {
    energy: rate ? `${rate.provenance} (${rate.source})` : 'no source of energy answers',
    shares:
      'modelled: power of functions followed from window to window, made what was measured tick by tick',
    idle: tick?.idleWatts === undefined ? 'not known: contained in what work drew' : 'known',
    settled: `windows of ${updateSeconds} s: what came after the last whole one is settled with the next`,
    carbon: carbon.origin,
    ...(carbon.embodiedGramsPerSecond === undefined && {
      embodied: 'not known: carbon.embodied is not set',
    }),
    ...(lostEvents > 0 && { calls: `${lostEvents} beginnings and ends of calls were lost` }),
  };
}
