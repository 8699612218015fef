import { type Host, readTextIfAny } from '../../base/index.js';
import type { Domain, EnergyReading } from '../../model/index.js';
import { OpenGauge } from '../hwmon/open-gauge.js';
import { type LeftOut, type Selection, selectSensors, unknownSensors } from '../hwmon/select.js';
import { type Availability, type InstantEnergySource, unavailable, usable } from '../source.js';

export interface HwmonOptions {
  /** Sensors that the user names, `driver/label=domain`: they outweigh what is known of drivers. */
  readonly sensors?: readonly string[];
}

/** How many sensors a note names one by one. */
const NAMED_SENSORS = 6;

/** Sensors by reason: `left out: ina226/power1, ina226/power2 (nothing says what it measures)`. */
function describe(leftOut: readonly LeftOut[]): string {
  const reasons = new Map<string, string[]>();
  for (const { sensor, why } of leftOut) reasons.set(why, [...(reasons.get(why) ?? []), sensor]);
  return [...reasons]
    .map(([why, sensors]) => {
      const more = sensors.length - NAMED_SENSORS;
      return `${sensors.slice(0, NAMED_SENSORS).join(', ')}${more > 0 ? ` and ${more} more` : ''} (${why})`;
    })
    .join('; ');
}

type Unavailable = Extract<Availability, { usable: false }>;
const because = (reason: string, remedy: string): Unavailable => ({ usable: false, reason, remedy });

function explain(host: Host, selection: Selection): Unavailable {
  const { chips, leftOut } = selection;
  const [unknown] = unknownSensors(selection);
  if (leftOut.some(({ why }) => why === 'permission denied')) {
    return because(
      `permission denied: ${describe(leftOut)}`,
      `Run as root, or: sudo chmod a+r ${host.sys('class/hwmon')}/hwmon*/energy*_input`,
    );
  }
  if (unknown !== undefined) {
    return because(
      `no sensor of known meaning; left out: ${describe(leftOut)}`,
      `If you know what a sensor measures, name it in the setting sources.hwmon.sensors, for instance "${unknown}=package"`,
    );
  }
  if (leftOut.length > 0) {
    return because(
      `no sensor for this source; left out: ${describe(leftOut)}`,
      'Use the source that reads them (see "wattloop doctor")',
    );
  }
  if (chips.length > 0) {
    return because(
      `none of the sensors in ${host.sys('class/hwmon')} (${[...new Set(chips)].join(', ')}) measures energy or power`,
      'Use rapl, ipmi or redfish, or an external meter (scpi)',
    );
  }
  const virtual = /^flags.*\bhypervisor\b/m.test(readTextIfAny(host.proc('cpuinfo')) ?? '');
  return because(
    `no sensors in ${host.sys('class/hwmon')}${virtual ? ': this is a virtual machine' : ''}`,
    virtual
      ? 'Measure on the host, or use an estimate (tdp)'
      : 'Find and load the drivers for the board: sudo sensors-detect (package lm-sensors)',
  );
}

/** Energy counters and power gauges in the kernel's hwmon class whose meaning is known. */
class Hwmon implements InstantEnergySource {
  readonly name = 'hwmon';
  readonly title = 'board, processor and card sensors by the hwmon class';
  readonly yields = 'energy';
  readonly provenance = 'measured';
  readonly instant = true;
  /** Assumed: drivers do not state it, and it differs from chip to chip. */
  readonly uncertainty = 0.1;
  readonly #host: Host;
  readonly #sensors: readonly string[];
  #gauges: OpenGauge[] = [];

  constructor(host: Host, options: HwmonOptions) {
    this.#host = host;
    this.#sensors = options.sensors ?? [];
  }

  async probe(): Promise<Availability> {
    const selection = selectSensors(this.#host, this.#sensors);
    const { gauges, leftOut } = selection;
    if (gauges.length === 0) return explain(this.#host, selection);
    const domains = [...new Set(gauges.map((gauge): Domain => gauge.domain))];
    return usable(domains, leftOut.length > 0 ? `left out: ${describe(leftOut)}` : undefined);
  }

  async open(): Promise<void> {
    await this.close();
    const selection = selectSensors(this.#host, this.#sensors);
    if (selection.gauges.length === 0) {
      const why = explain(this.#host, selection);
      throw unavailable(this.name, why);
    }
    this.#gauges = selection.gauges.map((gauge) => new OpenGauge(this.#host, gauge));
    // Counters count from here.
    this.read();
  }

  read(): EnergyReading[] {
    return this.#gauges.flatMap((gauge) => gauge.read() ?? []);
  }

  async close(): Promise<void> {
    for (const gauge of this.#gauges) gauge.close();
    this.#gauges = [];
  }
}

export const hwmon = (host: Host, options: HwmonOptions = {}): InstantEnergySource =>
  new Hwmon(host, options);
