import { join } from 'node:path';
import { type Host, readTextIfAny } from '../../base/index.js';
import { type EnergyReading, MICRO } from '../../model/index.js';
import { EnergyCounter, STEP_TROUBLE } from '../counter.js';
import { SysfsNumber } from '../sysfs-number.js';
import { chipName } from './chip.js';
import type { Gauge } from './select.js';

/** A sensor that says more than this is broken, not busy. */
const IMPLAUSIBLE_WATTS = 100_000;

interface Part {
  readonly value: SysfsNumber;
  readonly counter: EnergyCounter;
}

/** A gauge that is being read: its counters made monotone, its parts added up. */
export class OpenGauge {
  readonly #host: Host;
  readonly #gauge: Gauge;
  readonly #parts: readonly Part[];
  readonly #counts: boolean;
  /** Of a graphics card: `suspended` when it sleeps. Reading its sensors would wake it, or fail. */
  readonly #runtimeStatus: string | undefined;
  #complained = false;

  constructor(host: Host, gauge: Gauge) {
    this.#host = host;
    this.#gauge = gauge;
    this.#counts = gauge.channels[0]?.kind === 'energy';
    this.#parts = gauge.channels.map(({ chip, path }) => ({
      value: new SysfsNumber(host, path, () => chipName(chip.path) === chip.name),
      counter: new EnergyCounter(MICRO),
    }));
    const chip = gauge.channels[0]?.chip;
    this.#runtimeStatus =
      gauge.domain === 'gpu' && chip ? join(chip.path, 'device/power/runtime_status') : undefined;
  }

  read(): EnergyReading | undefined {
    if (this.#runtimeStatus !== undefined && readTextIfAny(this.#runtimeStatus) === 'suspended')
      return undefined;
    const at = this.#host.clock.now();
    const { domain, device } = this.#gauge;
    if (this.#counts) {
      const joules = this.#joules(at);
      return joules === undefined ? undefined : { kind: 'counter', domain, device, at, joules };
    }
    const watts = this.#watts();
    return watts === undefined ? undefined : { kind: 'power', domain, device, at, watts };
  }

  close(): void {
    for (const part of this.#parts) part.value.close();
  }

  /** A core that is offline keeps what it has used: the sum never goes backwards. Undefined when no part answers. */
  #joules(at: number): number | undefined {
    let answered = false;
    for (const { value, counter } of this.#parts) {
      const raw = value.read();
      if (raw === undefined) continue;
      const step = counter.advance(raw, at);
      const trouble = STEP_TROUBLE[step];
      if (trouble) this.#warn(trouble, value.path, raw);
      if (step !== 'garbage') answered = true;
    }
    return answered ? this.#parts.reduce((sum, { counter }) => sum + counter.joules, 0) : undefined;
  }

  /** Undefined when a part does not answer: the rest would pass for the whole. */
  #watts(): number | undefined {
    let sum = 0;
    for (const { value } of this.#parts) {
      const raw = value.read();
      if (raw === undefined) return undefined;
      const watts = Number(raw) * MICRO;
      if (watts < 0 || watts > IMPLAUSIBLE_WATTS) {
        if (!this.#complained) this.#warn('value out of range', value.path, raw);
        this.#complained = true;
        return undefined;
      }
      sum += watts;
    }
    this.#complained = false;
    return sum;
  }

  #warn(what: string, path: string, raw: bigint): void {
    this.#host.log.warn(`hwmon: ${what}`, { path, raw: String(raw) });
  }
}
