import type { Domain, EnergyReading } from '../../model/index.js';
import { FloatEnergyCounter } from '../float-counter.js';

interface FigureBase {
  readonly domain: Domain;
  readonly device: string;
  readonly at: number;
}

/** One series of a foreign counter. A device may have several (by mode), which are summed. */
export interface CounterFigure extends FigureBase {
  readonly kind: 'counter';
  readonly series: string;
  /** The counter's own value, from whenever it began. */
  readonly total: number;
}

interface PowerFigure extends FigureBase {
  readonly kind: 'power';
  readonly watts: number;
}

/** What a metrics page says of a node's energy. */
export type Figure = CounterFigure | PowerFigure;

interface Device {
  readonly domain: Domain;
  readonly device: string;
  readonly series: Map<string, FloatEnergyCounter>;
  at: number;
}

const keyOf = ({ domain, device }: FigureBase): string => `${domain} ${device}`;

/** No single device draws more than this: a gauge that says so is broken (53 kW for a socket has been seen). */
const IMPLAUSIBLE_WATTS = 5_000;
const IMPLAUSIBLE_SYSTEM_WATTS = 20_000;

function plausible({ domain, watts }: PowerFigure): boolean {
  const most = domain === 'system' || domain === 'psys' ? IMPLAUSIBLE_SYSTEM_WATTS : IMPLAUSIBLE_WATTS;
  return watts >= 0 && watts <= most;
}

export interface Misread {
  readonly what: 'reset' | 'garbage';
  readonly domain: Domain;
  readonly device: string;
  readonly value: number;
}

/** Makes monotone joules of foreign counters, and keeps gauges only where they can be true. */
export class FigureLedger {
  readonly #devices = new Map<string, Device>();

  /** Takes figures, oldest first; gives one reading a device and tells of each figure that could not be used. */
  take(figures: readonly Figure[], misread: (fault: Misread) => void): EnergyReading[] {
    const counters = new Set<Device>();
    const powers = new Map<string, EnergyReading>();
    for (const figure of figures) {
      if (figure.kind === 'counter') {
        const device = this.#count(figure, misread);
        if (device) counters.add(device);
      } else if (plausible(figure)) {
        powers.set(keyOf(figure), figure);
      } else {
        const { domain, device, watts } = figure;
        misread({ what: 'garbage', domain, device, value: watts });
      }
    }
    const energies = [...counters].map(({ domain, device, at, series }): EnergyReading => {
      // A series that is missing this time keeps its energy, or the sum would go backwards.
      const joules = [...series.values()].reduce((sum, counter) => sum + counter.joules, 0);
      return { kind: 'counter', domain, device, at, joules };
    });
    return [...energies, ...powers.values()];
  }

  #count(figure: CounterFigure, misread: (fault: Misread) => void): Device | undefined {
    const { domain, device, at, total } = figure;
    const key = keyOf(figure);
    const entry = this.#devices.get(key) ?? { domain, device, series: new Map(), at };
    const counter = entry.series.get(figure.series) ?? new FloatEnergyCounter();
    const step = counter.advance(total, at);
    if (step === 'reset' || step === 'garbage') misread({ what: step, domain, device, value: total });
    if (step === 'garbage') return undefined;
    entry.series.set(figure.series, counter);
    entry.at = Math.max(entry.at, at);
    this.#devices.set(key, entry);
    return entry;
  }
}
