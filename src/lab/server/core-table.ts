import { gigahertzAt, logicalProcessors, type Machine } from './machine.js';

/** What the cores do together when so many hardware threads are busy: worked out once, since it is asked for at every event. */
export interface CoreTable {
  readonly gigahertz: Float64Array;
  /** Speed of them all, in cores at their own frequency. */
  readonly speed: Float64Array;
  readonly coreWatts: Float64Array;
  readonly uncoreWatts: Float64Array;
}

export function coreTable(machine: Machine): CoreTable {
  const size = logicalProcessors(machine) + 1;
  const column = (of: (busyCores: number, seconds: number) => number): Float64Array =>
    Float64Array.from({ length: size }, (_, busy) => {
      const busyCores = Math.min(busy, machine.cores);
      return of(busyCores, busy - busyCores);
    });
  const { nominalGigahertz, frequencyExponent, smtSpeed, smtPower, uncoreWatts, uncoreHalfCores } = machine;
  const corePower = (busyCores: number): number =>
    machine.coreWatts * (gigahertzAt(machine, busyCores) / nominalGigahertz) ** frequencyExponent;
  return {
    gigahertz: column((busyCores) => gigahertzAt(machine, busyCores)),
    speed: column((busyCores, seconds) => busyCores + seconds * smtSpeed),
    coreWatts: column((busyCores, seconds) => corePower(busyCores) * (busyCores + seconds * smtPower)),
    uncoreWatts: column((busyCores) =>
      busyCores > 0 ? (uncoreWatts * busyCores) / (busyCores + uncoreHalfCores) : 0,
    ),
  };
}
