import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ErrorCode, type Host, listIfAny, systemCode, WattloopError } from '../../base/index.js';
import { type EnergyReading, MICRO } from '../../model/index.js';
import { type Availability, type PolledEnergySource, unusable, usable } from '../source.js';

/** No battery of a machine gives more than this. */
const IMPLAUSIBLE_WATTS = 1_000;

type Figure = { readonly watts: number } | { readonly why: string };

/** A text of sysfs, or the system's error code in place of it. Read beside the work: firmware may take milliseconds to answer. */
async function textOf(...path: string[]): Promise<{ readonly text: string } | { readonly code: string }> {
  try {
    return { text: (await readFile(join(...path), 'latin1')).trim() };
  } catch (error) {
    return { code: systemCode(error) ?? 'error' };
  }
}

/** A quantity in millionths. Its sign says the direction, which drivers do not agree on: the status says it too. */
async function quantity(folder: string, file: string): Promise<number | string> {
  const answer = await textOf(folder, file);
  if ('code' in answer) return answer.code;
  return /^-?\d+$/.test(answer.text)
    ? Math.abs(Number(answer.text) * MICRO)
    : `${file} is not a number: ${JSON.stringify(answer.text.slice(0, 40))}`;
}

/** Power by the battery's own figure, or else by its current and voltage. */
async function watts(folder: string): Promise<Figure> {
  const power = await quantity(folder, 'power_now');
  if (typeof power === 'number') return plausible(power);
  const [current, voltage] = await Promise.all([
    quantity(folder, 'current_now'),
    quantity(folder, 'voltage_now'),
  ]);
  if (typeof current === 'number' && typeof voltage === 'number') return plausible(current * voltage);
  const why = [power, current, voltage].find((text) => typeof text === 'string' && text !== 'ENOENT');
  return {
    why: why === 'EACCES' ? 'permission denied' : String(why ?? 'has no power_now and no current_now'),
  };
}

function plausible(power: number): Figure {
  if (power === 0) return { why: 'says that it gives 0 W while it discharges' };
  if (power > IMPLAUSIBLE_WATTS) return { why: `says that it gives ${power} W` };
  return { watts: power };
}

interface Supplies {
  /** Folders of the batteries that feed the machine. */
  readonly batteries: readonly string[];
  /** Chargers that are plugged in. */
  readonly online: readonly string[];
}

async function findSupplies(host: Host): Promise<Supplies> {
  const batteries: string[] = [];
  const online: string[] = [];
  for (const name of listIfAny(host.sys('class/power_supply'))) {
    const folder = host.sys('class/power_supply', name);
    const [type, scope, plugged] = await Promise.all(
      ['type', 'scope', 'online'].map(async (file) => {
        const answer = await textOf(folder, file);
        return 'text' in answer ? answer.text : undefined;
      }),
    );
    // A mouse or a headset has a battery too; its scope is the device.
    if (scope === 'Device') continue;
    if (type === 'Battery' || (type === undefined && /^BAT\d*$/.test(name))) batteries.push(name);
    else if (type !== undefined && plugged === '1') online.push(name);
  }
  return { batteries, online };
}

interface BatteryFigure {
  readonly battery: string;
  readonly figure: Figure;
}

/**
 * What each battery gives now. A battery that does not discharge gives nothing to know: charging tells of the charger.
 * While a charger is plugged in, it feeds a part of the machine that no battery sees.
 */
async function readBatteries(host: Host): Promise<BatteryFigure[]> {
  const { batteries, online } = await findSupplies(host);
  return Promise.all(
    batteries.map(async (battery): Promise<BatteryFigure> => {
      const folder = host.sys('class/power_supply', battery);
      const status = await textOf(folder, 'status');
      if ('code' in status) return { battery, figure: { why: `its status cannot be read (${status.code})` } };
      if (status.text !== 'Discharging')
        return { battery, figure: { why: `is "${status.text}", not discharging` } };
      if (online.length > 0)
        return { battery, figure: { why: `discharges while ${online.join(', ')} feeds the machine too` } };
      return { battery, figure: await watts(folder) };
    }),
  );
}

const trouble = (figures: readonly BatteryFigure[]): string =>
  figures.flatMap(({ battery, figure }) => ('why' in figure ? [`${battery} ${figure.why}`] : [])).join('; ');

/** What the machine draws from its batteries while nothing else feeds it. Several batteries are several devices. */
class Battery implements PolledEnergySource {
  readonly name = 'battery';
  readonly title = 'discharge power of the machine’s batteries';
  readonly yields = 'energy';
  readonly provenance = 'measured';
  readonly instant = false;
  /** Fuel gauges give new figures every second at best, many every few. */
  readonly interval = 1;
  /** Assumed: gauges are made to tell the charge, and none states how true its momentary current is. */
  readonly uncertainty = 0.1;
  readonly #host: Host;
  #open = false;
  #told = '';

  constructor(host: Host) {
    this.#host = host;
  }

  async probe(): Promise<Availability> {
    const figures = await readBatteries(this.#host);
    if (figures.length === 0) {
      return unusable(
        `no battery in ${this.#host.sys('class/power_supply')}`,
        'Use rapl, hwmon or ipmi, or an external meter (scpi)',
      );
    }
    const why = trouble(figures);
    if (figures.some(({ figure }) => 'watts' in figure))
      return usable(['system'], why === '' ? undefined : why);
    return unusable(why, 'Unplug the charger and wait until the battery discharges');
  }

  /** A machine may be unplugged later on: that there is a battery is enough. */
  async open(): Promise<void> {
    await this.close();
    const { batteries } = await findSupplies(this.#host);
    if (batteries.length === 0) {
      throw new WattloopError(
        ErrorCode.sourceUnavailable,
        `battery: no battery in ${this.#host.sys('class/power_supply')}`,
        { remedy: 'Use rapl, hwmon or ipmi, or an external meter (scpi)' },
      );
    }
    this.#open = true;
  }

  async read(): Promise<EnergyReading[]> {
    if (!this.#open) return [];
    const at = this.#host.clock.now();
    const figures = await readBatteries(this.#host);
    const why = trouble(figures);
    if (why !== '' && why !== this.#told) this.#host.log.info('battery: no figure', { why });
    this.#told = why;
    return figures.flatMap(({ battery, figure }): EnergyReading[] =>
      'watts' in figure
        ? [{ kind: 'power', domain: 'system', device: battery, at, watts: figure.watts }]
        : [],
    );
  }

  async close(): Promise<void> {
    this.#open = false;
    this.#told = '';
  }
}

export const battery = (host: Host): PolledEnergySource => new Battery(host);
