import type { Host } from '../../base/index.js';
import type { EnergyReading } from '../../model/index.js';
import { type Availability, type InstantEnergySource, unusable, usable } from '../source.js';
import { domainsOf, refused, TITLE, toReadings, UNCERTAINTY } from './common.js';
import { findRails, OpenRail, railTrouble } from './ina3221.js';
import { type RailGroup, railGroups } from './rails.js';

/** The rails as the kernel shows them. */
export class TegraBySysfs implements InstantEnergySource {
  readonly name = 'tegra';
  readonly title = TITLE;
  readonly yields = 'energy';
  readonly provenance = 'measured';
  readonly instant = true;
  readonly uncertainty = UNCERTAINTY;
  readonly #host: Host;
  #groups: RailGroup[] = [];
  #rails = new Map<string, OpenRail>();

  constructor(host: Host) {
    this.#host = host;
  }

  async probe(): Promise<Availability> {
    const rails = findRails(this.#host);
    const denied = rails.filter((rail) => railTrouble(rail) === 'EACCES').map(({ rail }) => rail);
    const good = rails.filter((rail) => railTrouble(rail) === undefined).map(({ rail }) => rail);
    const groups = railGroups(
      rails.map(({ rail }) => rail),
      good,
    );
    if (groups.length > 0) {
      const used = groups.flatMap((group) => group.rails);
      const rest = [
        ...good.filter((rail) => !used.includes(rail)),
        ...denied.map((rail) => `${rail} (denied)`),
      ];
      return usable(domainsOf(groups), rest.length > 0 ? `rails left out: ${rest.join(', ')}` : undefined);
    }
    if (denied.length > 0) {
      return unusable(
        `permission denied on the rails ${denied.join(', ')}`,
        `Run as root, or: sudo chmod -R a+r ${this.#host.sys('bus/i2c/drivers')}/ina3221*`,
      );
    }
    return unusable(
      `the rails of this board are not known, or not readable: ${rails.map(({ rail }) => rail).join(', ')}`,
      'If you know what they measure, please report the board and its rails',
    );
  }

  async open(): Promise<void> {
    await this.close();
    const rails = findRails(this.#host);
    const files = rails.filter((rail) => railTrouble(rail) === undefined);
    this.#groups = railGroups(
      rails.map(({ rail }) => rail),
      files.map(({ rail }) => rail),
    );
    if (this.#groups.length === 0) throw refused(await this.probe());
    const used = new Set(this.#groups.flatMap((group) => group.rails));
    this.#rails = new Map(
      files.filter(({ rail }) => used.has(rail)).map((rail) => [rail.rail, new OpenRail(this.#host, rail)]),
    );
  }

  read(): EnergyReading[] {
    const at = this.#host.clock.now();
    // Each rail once, however many groups it is part of: the bus is slow.
    const watts = new Map([...this.#rails].map(([name, rail]) => [name, rail.watts()]));
    return toReadings(this.#groups, at, (rail) => watts.get(rail));
  }

  async close(): Promise<void> {
    for (const rail of this.#rails.values()) rail.close();
    this.#rails.clear();
    this.#groups = [];
  }
}
