import type { BusyTime } from './busy-time.js';
import type { Load } from './load.js';
import { checkedModel, type PowerModel, wattsAt } from './power-model.js';

interface Processor {
  busy: number;
  /** Busy seconds beyond what fits between two calls: ticks are coarse, and what is early now is used next time. */
  carried: number;
}

/** Packages that take power as this machine's processors are busy. Processors are dealt to packages in equal runs. */
export class BusyLoad implements Load {
  readonly #time: BusyTime;
  readonly #model: PowerModel;
  readonly #sockets: number;
  readonly #processors = new Map<number, Processor>();
  #at = 0;

  constructor(time: BusyTime, sockets: number, model: PowerModel) {
    this.#time = time;
    this.#sockets = sockets;
    this.#model = checkedModel(model);
  }

  start(at: number): void {
    this.#at = at;
    this.#processors.clear();
    for (const [number, busy] of this.#time.read()) this.#processors.set(number, { busy, carried: 0 });
  }

  advance(at: number): readonly number[] {
    const seconds = at - this.#at;
    const sockets = Array.from({ length: this.#sockets }, () => ({ busy: 0, processors: 0 }));
    if (seconds <= 0) return sockets.map(() => 0);
    this.#at = at;
    const now = [...this.#time.read()].sort(([a], [b]) => a - b);
    now.forEach(([number, busy], index) => {
      const processor = this.#processors.get(number) ?? { busy, carried: 0 };
      // A counter that goes backwards (a processor that was taken away and came back) used nothing that is known.
      const available = processor.carried + Math.max(0, busy - processor.busy);
      const used = Math.min(available, seconds);
      this.#processors.set(number, { busy, carried: available - used });
      const socket = sockets[Math.floor((index * this.#sockets) / now.length)];
      if (socket === undefined) return;
      socket.busy += used;
      socket.processors++;
    });
    return sockets.map(({ busy, processors }) => {
      const utilisation = processors === 0 ? 0 : busy / (processors * seconds);
      return wattsAt(this.#model, utilisation) * seconds;
    });
  }

  close(): void {
    this.#time.close();
  }
}
