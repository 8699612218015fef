import { type Host, messageOf } from '../base/index.js';
import type { EnergyReading } from '../model/index.js';
import type { PolledEnergySource } from './source.js';

/**
 * Asks a slow source again and again beside the work. A poll that fails delivers nothing and is logged, once for as long
 * as it fails in the same way; the next one tries anew.
 */
export class Poller {
  /** Settles when the first poll is over, however it went. */
  readonly first: Promise<void>;
  readonly #stop = new AbortController();

  constructor(
    host: Host,
    source: PolledEnergySource,
    intervalSeconds: number,
    deliver: (readings: EnergyReading[]) => void,
  ) {
    let failure: string | undefined;
    const poll = async (): Promise<void> => {
      try {
        deliver(await source.read());
        failure = undefined;
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        deliver([]);
        const message = messageOf(error);
        if (message !== failure) host.log.warn(`${source.name}: ${message}`);
        failure = message;
      }
    };
    const signal = this.#stop.signal;
    this.first = poll();
    const loop = async (): Promise<void> => {
      await this.first;
      let due = host.clock.now();
      while (!signal.aborted) {
        due = Math.max(due + intervalSeconds, host.clock.now());
        await host.clock.sleep(due - host.clock.now(), signal);
        if (!signal.aborted) await poll();
      }
    };
    void loop();
  }

  stop(): void {
    this.#stop.abort();
  }
}
