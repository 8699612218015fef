import { type Host, KernelFile, messageOf, readTextIfAny } from '../../base/index.js';
import type { EnergyReading, Settings } from '../../model/index.js';
import { LoadIntegrator } from '../estimate/load-integrator.js';
import { type Estimate, estimateFor } from '../estimate/tdp-row.js';
import { readCpuIdentity } from '../machine/cpu.js';
import { readVirtualization } from '../machine/virtualization.js';
import { kernelUnits } from '../proc/auxv.js';
import { type MachineStat, parseMachineStat } from '../proc/machine-stat.js';
import { type Availability, type InstantEnergySource, unavailable, unusable, usable } from '../source.js';

const STAT_BYTES = 16_384;
// What is assumed before the machine has been looked at.
const UNKNOWN_UNCERTAINTY = 0.5;

/** The model of power of this machine, by its processor, its hypervisor and the settings. */
export function readEstimate(host: Host, settings: Settings['sources']['tdp']): Estimate {
  const { hypervisor, evidence } = readVirtualization(host);
  return estimateFor(readCpuIdentity(host), {
    isVirtual: hypervisor !== 'none' && evidence !== 'Xen dom0',
    systemVendor: readTextIfAny(host.sys('class/dmi/id/sys_vendor')) ?? '',
    settings,
  });
}

/** An estimate where there is no counter: design power, a load curve, and how busy the processors were. */
class Tdp implements InstantEnergySource {
  readonly name = 'tdp';
  readonly title = "estimate from the processor's design power and its load";
  readonly yields = 'energy';
  readonly provenance = 'estimated';
  readonly instant = true;
  readonly #host: Host;
  readonly #settings: Settings['sources']['tdp'];
  #estimate: Estimate | undefined;
  #file: KernelFile | undefined;
  #ticksPerSecond = 0;
  #integrator: LoadIntegrator | undefined;

  constructor(host: Host, settings: Settings['sources']['tdp']) {
    this.#host = host;
    this.#settings = settings;
  }

  get uncertainty(): number {
    return this.#estimate?.uncertainty ?? UNKNOWN_UNCERTAINTY;
  }

  async probe(): Promise<Availability> {
    const path = this.#host.proc('stat');
    const text = readTextIfAny(path);
    if (text === undefined || parseMachineStat(text, 1).total === undefined) {
      return unusable(
        `${path} does not tell how busy the processors are`,
        'Mount procfs: mount -t proc proc /proc',
      );
    }
    try {
      const { note, tdp, model } = readEstimate(this.#host, this.#settings);
      if (model.idleWatts >= model.fullWatts) {
        return unusable(
          `sources.tdp: ${this.#settings.idle_watts} W idle are not less than the ${tdp.watts} W of ${tdp.row}`,
          'Set sources.tdp.watts to the design power of one package and idle_watts to what it draws when idle',
        );
      }
      const advice = tdp.isDefault ? '; set sources.tdp.watts to the design power for a better figure' : '';
      return usable(['package'], `${note}${advice}`);
    } catch (error) {
      return unusable(`the processor cannot be told: ${messageOf(error)}`, 'Set sources.tdp.watts and cores');
    }
  }

  async open(): Promise<void> {
    await this.close();
    const availability = await this.probe();
    if (!availability.usable) {
      throw unavailable(this.name, availability);
    }
    this.#estimate = readEstimate(this.#host, this.#settings);
    this.#ticksPerSecond = kernelUnits(this.#host).ticksPerSecond;
    this.#file = new KernelFile(this.#host.proc('stat'), STAT_BYTES);
    const at = this.#host.clock.now();
    const first = this.#stat()?.total;
    if (first) this.#integrator = new LoadIntegrator(this.#estimate.model, first, at);
  }

  read(): EnergyReading[] {
    const at = this.#host.clock.now();
    const stat = this.#stat();
    if (stat === undefined || this.#integrator === undefined) return [];
    if (!this.#integrator.advance(stat, at)) {
      this.#host.log.warn("tdp: the processors' times jumped backwards or are missing", {
        path: this.#file?.path,
      });
    }
    return [{ kind: 'counter', domain: 'package', device: 'all', at, joules: this.#integrator.joules }];
  }

  idleWatts(): number | undefined {
    return this.#estimate?.model.idleWatts;
  }

  async close(): Promise<void> {
    this.#file?.close();
    this.#file = undefined;
    this.#integrator = undefined;
  }

  #stat(): MachineStat | undefined {
    try {
      return this.#file && parseMachineStat(this.#file.text(), this.#ticksPerSecond);
    } catch (error) {
      this.#host.log.warn('tdp: cannot be read', { path: this.#file?.path, error: messageOf(error) });
      return undefined;
    }
  }
}

export const tdp = (host: Host, settings: Settings['sources']['tdp']): InstantEnergySource =>
  new Tdp(host, settings);
