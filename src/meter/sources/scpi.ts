import { ErrorCode, type Host, messageOf, WattloopError } from '../../base/index.js';
import type { EnergyReading } from '../../model/index.js';
import type { Spawn } from '../run-command.js';
import type { Instrument } from '../scpi/instrument.js';
import { createInstrument, type MeterSettings } from '../scpi/meter.js';
import { type Availability, type PolledEnergySource, unavailable, unusable, usable } from '../source.js';

const NOT_SET = {
  reason: 'no meter is set',
  remedy: 'Name one in sources.scpi: { name: rack, address: tcp://HOST:PORT or serial:/dev/ttyUSB0 }',
} as const;

/** A meter that is being polled. */
interface Polled {
  readonly settings: MeterSettings;
  readonly instrument: Instrument;
  dueAt: number;
  running: Promise<void> | undefined;
  /** The figure that was read since the last call of `read`. */
  fresh: EnergyReading | undefined;
  problem: WattloopError | undefined;
}

const asError = (error: unknown): WattloopError =>
  error instanceof WattloopError
    ? error
    : new WattloopError(ErrorCode.instrumentFailed, messageOf(error), { cause: error });

/** External power meters between the machine and the mains, by SCPI over TCP or serial lines. */
class Scpi implements PolledEnergySource {
  readonly name = 'scpi';
  readonly title = 'external power meters (SCPI over TCP or a serial line)';
  readonly yields = 'energy';
  readonly provenance = 'measured';
  readonly instant = false;
  readonly uncertainty: number;
  readonly interval: number;
  readonly #host: Host;
  readonly #settings: readonly MeterSettings[];
  readonly #spawn: Spawn | undefined;
  #meters: Polled[] = [];

  constructor(host: Host, settings: readonly MeterSettings[], spawn?: Spawn) {
    this.#host = host;
    this.#settings = settings;
    this.#spawn = spawn;
    // Of the sum of several meters nothing better is known than the worst of them.
    this.uncertainty = Math.max(0, ...settings.map((meter) => meter.uncertainty));
    this.interval = settings.length === 0 ? 1 : Math.min(...settings.map((meter) => meter.interval_seconds));
  }

  async probe(): Promise<Availability> {
    if (this.#settings.length === 0) return unusable(NOT_SET.reason, NOT_SET.remedy);
    const tried = await Promise.all(this.#settings.map((settings) => this.#try(settings)));
    const works = tried.some(({ error }) => error === undefined);
    if (works) return usable(['system'], tried.map(({ says }) => says).join('; '));
    return unusable(
      tried.map(({ says }) => says).join('; '),
      tried[0]?.error?.remedy ?? 'Check sources.scpi',
    );
  }

  async open(): Promise<void> {
    await this.close();
    if (this.#settings.length === 0) {
      throw unavailable(this.name, NOT_SET);
    }
    this.#meters = this.#create();
    try {
      // A meter that is off now is taken up when it comes; one at least must be there.
      const meters = this.#meters;
      await Promise.all(meters.map((meter) => this.#poll(meter)));
      const [first] = meters;
      if (first?.problem && meters.every((meter) => meter.problem)) throw first.problem;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async read(): Promise<EnergyReading[]> {
    const meters = this.#meters;
    if (meters.length === 0) throw new WattloopError(ErrorCode.internal, 'scpi: read before open');
    const now = this.#host.clock.now();
    for (const meter of meters) {
      // The caller's timer is not exact: a little too early is in time.
      const due = now >= meter.dueAt - this.interval / 2;
      if (!meter.running && due) void this.#poll(meter);
    }
    // A meter that hangs holds up nobody: what it says later comes with a later call.
    const over = new AbortController();
    const running = meters.map((meter) => meter.running);
    await Promise.race([Promise.all(running), this.#host.clock.sleep(this.interval, over.signal)]);
    over.abort();
    const readings = meters.flatMap((meter) => meter.fresh ?? []);
    for (const meter of meters) meter.fresh = undefined;
    const [first] = meters;
    if (first?.problem && meters.every((meter) => meter.problem)) throw first.problem;
    return readings;
  }

  async close(): Promise<void> {
    const meters = this.#meters;
    this.#meters = [];
    for (const { instrument } of meters) instrument.close();
    await Promise.all(meters.map((meter) => meter.running));
  }

  #create(): Polled[] {
    return this.#settings.map((settings) => ({
      settings,
      instrument: createInstrument(this.#host, settings, this.#spawn),
      dueAt: this.#host.clock.now(),
      running: undefined,
      fresh: undefined,
      problem: undefined,
    }));
  }

  /** Connects to one meter, asks it once and lets go of it. */
  async #try(settings: MeterSettings): Promise<{ says: string; error?: WattloopError }> {
    let instrument: Instrument | undefined;
    try {
      instrument = createInstrument(this.#host, settings, this.#spawn);
      const value = await instrument.measure();
      const identity = instrument.identity ?? settings.address;
      const watts = value === undefined ? 'no power now' : `${value * settings.scale} W`;
      return { says: `${settings.name} (${identity}): ${watts}` };
    } catch (caught) {
      const error = asError(caught);
      return { says: error.message.replace(/^scpi: /, ''), error };
    } finally {
      instrument?.close();
    }
  }

  /** Polls one meter; what comes of it stands in the meter. Never rejects. */
  #poll(meter: Polled): Promise<void> {
    const { settings, instrument } = meter;
    meter.dueAt = this.#host.clock.now() + settings.interval_seconds;
    const running = instrument.measure().then(
      (value) => {
        if (meter.problem) this.#host.log.info('scpi: the meter answers again', { meter: settings.name });
        meter.problem = undefined;
        if (value === undefined) return;
        const at = this.#host.clock.now();
        const watts = value * settings.scale;
        meter.fresh = { kind: 'power', domain: 'system', device: settings.name, at, watts };
      },
      (caught: unknown) => {
        const error = asError(caught);
        if (!meter.problem) this.#host.log.warn(error.message, { meter: settings.name });
        meter.problem = error;
      },
    );
    meter.running = running.finally(() => {
      meter.running = undefined;
    });
    return meter.running;
  }
}

export const scpi = (host: Host, settings: readonly MeterSettings[], spawn?: Spawn): PolledEnergySource =>
  new Scpi(host, settings, spawn);
