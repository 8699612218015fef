import { Worker } from 'node:worker_threads';

/**
 * Sleeps until the time that is set, or until another is set, and says so. A thread of its own wakes up within a tenth of a
 * millisecond where the event loop's timers take up to two, and costs no more than they do. It may be woken for nothing, as
 * when it saw a new turn before it was told of it.
 */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const turn = new Int32Array(workerData, 0, 1);
const wait = new Float64Array(workerData, 8, 1);
for (let seen = 0; ; ) {
  Atomics.wait(turn, 0, seen);
  seen = Atomics.load(turn, 0);
  const until = performance.now() + wait[0];
  while (Atomics.load(turn, 0) === seen) {
    const left = until - performance.now();
    if (left > 0 && Atomics.wait(turn, 0, seen, left) !== 'timed-out') continue;
    parentPort.postMessage(seen);
    break;
  }
}`;

const MEMORY_BYTES = 16;

/** Calls back at a moment, to within a few tenths of a millisecond. One moment at a time: a new one replaces the one before. */
export class Alarm {
  readonly #turn: Int32Array;
  readonly #wait: Float64Array;
  readonly #worker: Worker;
  #isSet = false;

  constructor(onTime: () => void, memory = new SharedArrayBuffer(MEMORY_BYTES)) {
    this.#turn = new Int32Array(memory, 0, 1);
    this.#wait = new Float64Array(memory, 8, 1);
    this.#worker = new Worker(THREAD, { eval: true, workerData: memory });
    this.#worker.on('message', (turn: number) => {
      if (!this.#isSet || turn !== Atomics.load(this.#turn, 0)) return;
      this.#isSet = false;
      onTime();
    });
  }

  set(secondsFromNow: number): void {
    this.#isSet = true;
    this.#wait[0] = secondsFromNow * 1e3;
    Atomics.add(this.#turn, 0, 1);
    Atomics.notify(this.#turn, 0);
  }

  async close(): Promise<void> {
    this.#isSet = false;
    await this.#worker.terminate();
  }
}
