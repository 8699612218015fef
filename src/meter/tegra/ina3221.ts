import { join } from 'node:path';
import { type Host, listIfAny, readTextIfAny } from '../../base/index.js';
import { SysfsNumber, unreadable } from '../sysfs-number.js';

const MILLIWATTS_PER_WATT = 1_000;
/** A millivolt times a milliampere is a microwatt. */
const MICROWATTS_PER_WATT = 1_000_000;
/** No Jetson draws this much: the bus gave garbage. */
const IMPLAUSIBLE_WATTS = 1_000;

/** Where a rail's power can be read: as power (mW), or as voltage and current (mV and mA). */
export interface RailFiles {
  readonly rail: string;
  readonly files: readonly string[];
}

/** NVIDIA's own driver of JetPack 3 and 4 gives power, through the industrial I/O subsystem. */
function byIio(host: Host): RailFiles[] {
  const driver = host.sys('bus/i2c/drivers/ina3221x');
  return listIfAny(driver).flatMap((chip) =>
    listIfAny(join(driver, chip))
      .filter((entry) => /^iio:device\d+$/.test(entry))
      .flatMap((entry) =>
        [0, 1, 2].flatMap((channel) => {
          const folder = join(driver, chip, entry);
          const rail = readTextIfAny(join(folder, `rail_name_${channel}`))?.trim();
          return rail ? [{ rail, files: [join(folder, `in_power${channel}_input`)] }] : [];
        }),
      ),
  );
}

/** The kernel's driver, from JetPack 5 on, gives voltages and currents, through hwmon. Channels from 4 on are shunts and sums. */
function byHwmon(host: Host): RailFiles[] {
  const driver = host.sys('bus/i2c/drivers/ina3221');
  return listIfAny(driver).flatMap((chip) =>
    listIfAny(join(driver, chip, 'hwmon')).flatMap((entry) =>
      [1, 2, 3].flatMap((channel) => {
        const folder = join(driver, chip, 'hwmon', entry);
        const rail = readTextIfAny(join(folder, `in${channel}_label`))?.trim();
        const files = [join(folder, `in${channel}_input`), join(folder, `curr${channel}_input`)];
        return rail ? [{ rail, files }] : [];
      }),
    ),
  );
}

export function findRails(host: Host): RailFiles[] {
  const rails = [...byIio(host), ...byHwmon(host)];
  return rails.filter(({ rail }, index) => rails.findIndex((other) => other.rail === rail) === index);
}

/** Why a rail can't be read, or undefined when it can. */
export const railTrouble = ({ files }: RailFiles): string | undefined => files.map(unreadable).find(Boolean);

/** A rail that is being read. */
export class OpenRail {
  readonly rail: string;
  readonly #host: Host;
  readonly #values: readonly SysfsNumber[];

  constructor(host: Host, { rail, files }: RailFiles) {
    this.rail = rail;
    this.#host = host;
    this.#values = files.map((path) => new SysfsNumber(host, path));
  }

  /** Power now; undefined when the chip does not answer or says what can't be. */
  watts(): number | undefined {
    const unit = this.#values.length === 1 ? MILLIWATTS_PER_WATT : MICROWATTS_PER_WATT;
    let product = 1;
    for (const value of this.#values) {
      const number = value.read();
      if (number === undefined) return undefined;
      // Around zero an amplifier's offset shows as a small negative current: nothing flows.
      product *= Math.max(0, Number(number));
    }
    const watts = product / unit;
    if (watts <= IMPLAUSIBLE_WATTS) return watts;
    this.#host.log.warn('tegra: more power than a module can draw', { rail: this.rail, watts });
    return undefined;
  }

  close(): void {
    for (const value of this.#values) value.close();
  }
}
