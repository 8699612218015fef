import { type Host, messageOf, readTextIfAny, systemCode } from '../../base/index.js';
import type { EnergyReading } from '../../model/index.js';
import { EnergyCounter, STEP_TROUBLE } from '../counter.js';
import { type OpenPerfGroup, openPerfGroup, type PerfGroup } from '../native/perf-event.js';
import { type EnergyMeter, findEnergyMeters } from '../perf/power-pmu.js';
import { explainRefusal, ParanoidLimit } from '../perf/refusal.js';
import { type Availability, type InstantEnergySource, unavailable, unusable, usable } from '../source.js';

interface Part {
  readonly group: PerfGroup;
  readonly counter: EnergyCounter;
  failing: boolean;
}

interface OpenMeter extends EnergyMeter {
  readonly parts: readonly Part[];
}

function noPmu(host: Host): Availability {
  const cpuinfo = readTextIfAny(host.proc('cpuinfo')) ?? '';
  if (/^flags.*\bhypervisor\b/m.test(cpuinfo)) {
    return unusable(
      'no power PMU: this is a virtual machine and its hypervisor does not pass energy counters on',
      'Measure on the host, or use an estimate (tdp)',
    );
  }
  if (/^CPU implementer/m.test(cpuinfo)) {
    return unusable(
      'this ARM processor has no power PMU',
      'Use hwmon, a board sensor (tegra), ipmi or an external meter (scpi)',
    );
  }
  return unusable(
    `no power PMU in ${host.sys('bus/event_source/devices')}`,
    'Load the driver: modprobe rapl (kernel option CONFIG_PERF_EVENTS_INTEL_RAPL; AMD from kernel 5.8 on)',
  );
}

/** RAPL energy counters by the kernel's perf PMU. The kernel undoes wraparound; the register is read in the call itself. */
class PerfPower implements InstantEnergySource {
  readonly name = 'perf-power';
  readonly title = 'processor energy counters (RAPL) by perf events';
  readonly yields = 'energy';
  readonly provenance = 'measured';
  readonly instant = true;
  // The same registers as the powercap tree shows: against external meters within about 5 % (Khan et al., 2018).
  readonly uncertainty = 0.05;
  readonly #host: Host;
  readonly #openGroup: OpenPerfGroup | undefined;
  #meters: OpenMeter[] = [];

  constructor(host: Host, open: OpenPerfGroup | undefined) {
    this.#host = host;
    this.#openGroup = open;
  }

  async probe(): Promise<Availability> {
    const opened = this.#openAll();
    closeMeters(opened.meters);
    return opened.availability;
  }

  async open(): Promise<void> {
    await this.close();
    const { meters, availability } = this.#openAll();
    if (!availability.usable) {
      throw unavailable(this.name, availability);
    }
    this.#meters = meters;
    this.read();
  }

  read(): EnergyReading[] {
    const readings: EnergyReading[] = [];
    for (const { domain, device, parts } of this.#meters) {
      const at = this.#host.clock.now();
      // A core that can't be read any more keeps what it had used: a sum must not go backwards.
      const alive = parts.map((part) => this.#advance(part, at, `${domain} ${device}`));
      if (!alive.includes(true)) continue;
      const joules = parts.reduce((sum, part) => sum + part.counter.joules, 0);
      readings.push({ kind: 'counter', domain, device, at, joules });
    }
    return readings;
  }

  async close(): Promise<void> {
    closeMeters(this.#meters);
    this.#meters = [];
  }

  #advance(part: Part, at: number, meter: string): boolean {
    try {
      const step = part.counter.advance(part.group.read().counts[0] ?? -1n, at);
      const trouble = STEP_TROUBLE[step];
      if (trouble) this.#host.log.warn(`perf-power: ${trouble}`, { meter });
      part.failing = false;
      return step !== 'garbage';
    } catch (error) {
      if (!part.failing) {
        this.#host.log.warn('perf-power: counter cannot be read', { meter, error: messageOf(error) });
      }
      part.failing = true;
      return false;
    }
  }

  #openAll(): { meters: OpenMeter[]; availability: Availability } {
    const host = this.#host;
    const { meters: found, problems } = findEnergyMeters(host);
    const fail = (availability: Availability) => ({ meters: [], availability });
    if (found.length === 0) {
      return fail(
        problems.length === 0
          ? noPmu(host)
          : unusable(problems.join('; '), 'Use rapl, and report the unknown layout of this kernel'),
      );
    }
    const open = this.#openGroup;
    if (!open) {
      return fail(
        unusable(
          `there is a power PMU in ${host.sysfs}, but its counters can be read on that machine alone`,
          'Leave out --procfs and --sysfs',
        ),
      );
    }
    const meters: OpenMeter[] = [];
    const refusals: unknown[] = [];
    for (const meter of found) {
      const parts: Part[] = [];
      try {
        for (const cpu of meter.cpus) {
          const group = open([meter.event], { cpu });
          parts.push({ group, counter: new EnergyCounter(meter.joulesPerUnit), failing: false });
        }
        meters.push({ ...meter, parts });
      } catch (error) {
        for (const part of parts) part.group.close();
        refusals.push(error);
      }
    }
    if (meters.length === 0) {
      const { reason, remedy } = explainRefusal(host, refusals[0], ParanoidLimit.processors);
      return fail(unusable(reason, remedy));
    }
    const notes = [
      ...problems,
      ...new Set(refusals.map((error) => `a counter was refused (${systemCode(error) ?? messageOf(error)})`)),
    ];
    const domains = [...new Set(meters.map((meter) => meter.domain))];
    return { meters, availability: usable(domains, notes.length > 0 ? notes.join('; ') : undefined) };
  }
}

function closeMeters(meters: readonly OpenMeter[]): void {
  for (const meter of meters) for (const part of meter.parts) part.group.close();
}

export const perfPower = (
  host: Host,
  open: OpenPerfGroup | undefined = host.live ? openPerfGroup : undefined,
): InstantEnergySource => new PerfPower(host, open);
