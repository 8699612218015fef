import { resolve } from 'node:path';
import { ErrorCode, type Host, messageOf, WattloopError } from '../../base/index.js';
import { type Domain, MICRO } from '../../model/index.js';
import { ClaimedFolder } from './claimed-folder.js';
import type { Load } from './load.js';
import type { NumberFile } from './number-file.js';
import { checkedShares, DEFAULT_SHARES, type Shares, zoneJoules } from './shares.js';
import { writeTree } from './tree.js';
import { planZones, type Zone, type ZoneOptions } from './zones.js';

export interface VirtualPowercapOptions extends ZoneOptions {
  /** The folder to write the tree in: new or empty. */
  readonly root: string;
  readonly load: Load;
  readonly shares?: Shares;
  /** What every counter shows at first, in microjoules; taken modulo its range. */
  readonly startMicrojoules?: bigint;
  readonly intervalSeconds?: number;
  /** What the packages' power limits say. */
  readonly maxWatts: number;
}

interface LiveZone extends Zone {
  readonly file: NumberFile;
  readonly start: bigint;
  /** Whole microjoules since the start, and the part of one that is not whole yet. */
  units: bigint;
  rest: number;
  lossWarned: boolean;
}

/** What was truly used, by zone. */
export interface TrueEnergy {
  readonly zone: string;
  readonly domain: Domain;
  readonly socket?: number;
  readonly joules: number;
}

const DEFAULT_INTERVAL_SECONDS = 0.05;

/**
 * A powercap tree (`class/powercap/intel-rapl:0/energy_uj`…) in a folder of its own, whose counters advance and wrap as
 * the real ones do. A host whose sysfs root is that folder can't tell it from a machine with RAPL.
 */
export class VirtualPowercap {
  readonly root: string;
  readonly zones: readonly Zone[];
  readonly #host: Host;
  readonly #options: VirtualPowercapOptions;
  readonly #shares: Shares;
  readonly #ended = new AbortController();
  #folder: ClaimedFolder | undefined;
  #live: LiveZone[] = [];
  #at = 0;

  constructor(host: Host, options: VirtualPowercapOptions) {
    this.#host = host;
    this.#options = options;
    this.root = resolve(options.root);
    this.zones = planZones(options);
    this.#shares = checkedShares(options.shares ?? DEFAULT_SHARES);
    if (this.root === resolve(host.sysfs)) {
      throw new WattloopError(ErrorCode.badUsage, `${this.root} is the sysfs tree that is to be imitated`, {
        remedy: 'Name another folder',
      });
    }
  }

  /** Writes the tree; its counters stand still until `step` or `start`. */
  open(): void {
    if (this.#folder !== undefined) return;
    const starts = this.zones.map((zone) => (this.#options.startMicrojoules ?? 0n) % zone.range);
    const folder = new ClaimedFolder(this.root, this.#host);
    this.#folder = folder;
    try {
      const files = writeTree(folder, this.#host, this.zones, starts, this.#options.maxWatts);
      this.#live = files.flatMap((file, index) => {
        const zone = this.zones[index];
        const fresh = { file, start: starts[index] ?? 0n, units: 0n, rest: 0, lossWarned: false };
        return zone === undefined ? [] : [{ ...zone, ...fresh }];
      });
      this.#at = this.#host.clock.now();
      this.#options.load.start(this.#at);
    } catch (error) {
      this.close();
      if (error instanceof WattloopError) throw error;
      throw new WattloopError(ErrorCode.writeFailed, `${this.root}: ${messageOf(error)}`, {
        remedy: 'Name a folder on a file system that has room and symbolic links',
        cause: error,
      });
    }
  }

  /** Writes the tree and moves its counters every interval. Resolves once closed. */
  async start(): Promise<void> {
    this.open();
    const { signal } = this.#ended;
    const { clock } = this.#host;
    const interval = this.#options.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS;
    while (!signal.aborted) {
      await clock.sleep(interval, signal);
      if (!signal.aborted) this.step();
    }
  }

  /** Brings every counter up to the clock. */
  step(): void {
    const at = this.#host.clock.now();
    const packages = this.#options.load.advance(at);
    const seconds = Math.max(0, at - this.#at);
    this.#at = Math.max(at, this.#at);
    for (const zone of this.#live) {
      const joules = zoneJoules(zone, packages, seconds, this.#shares);
      const exact = zone.rest + joules / MICRO;
      const whole = Math.floor(exact);
      zone.rest = exact - whole;
      if (whole === 0) continue;
      zone.units += BigInt(whole);
      if (BigInt(whole) >= zone.range) this.#warnOfLoss(zone);
      zone.file.write((zone.start + zone.units) % zone.range);
    }
  }

  /** The energy that went through each counter, wraps undone: the truth to hold a meter's figure against. */
  truth(): TrueEnergy[] {
    return this.#live.map(({ path, domain, socket, units }) => ({
      zone: path.at(-1) ?? '',
      domain,
      ...(socket === undefined ? {} : { socket }),
      joules: Number(units) * MICRO,
    }));
  }

  #warnOfLoss(zone: LiveZone): void {
    if (zone.lossWarned) return;
    zone.lossWarned = true;
    this.#host.log.warn('virtual powercap: a counter goes round more than once between two steps', {
      zone: zone.path.at(-1),
      range_uj: String(zone.range),
    });
  }

  /** Ends it and removes the tree. Safe to call twice. */
  close(): void {
    this.#ended.abort();
    for (const zone of this.#live) zone.file.close();
    if (this.#folder !== undefined) this.#options.load.close();
    this.#folder?.release();
    this.#folder = undefined;
  }
}
