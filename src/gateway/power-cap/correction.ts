/** How much of an error is learnt at once: much when more was drawn than expected, little when less was. */
const UP = 0.3;
const DOWN = 0.06;
/** How fast the usual error follows. */
const ERROR_RATE = 0.05;
/** How far from what the functions are told to draw it may be, either way. */
const LEAST_GAIN = 0.1;
const LARGEST_GAIN = 10;
/**
 * How an error is divided between what does not depend on the load (an idle power that is wrong, work that is nobody's)
 * and what is in proportion to it: as if the former were wrong by a tenth of the load, the latter by half.
 */
const OFFSET_PART = 0.1;
const GAIN_PART = 0.5;

/**
 * What the expected power above idle is to be corrected by: `offset + gain × load`. It learns from every tick a part of
 * what it was wrong by, so that a power that is told late does not make it swing; and it takes in more readily that more
 * was drawn than that less was, so that it stays on the safe side of what fluctuates.
 */
export class Correction {
  #gain = 1;
  #offset = 0;
  #square = 0;
  /** The largest load that was seen: what an offset is measured by. */
  #largest = 0;

  get gain(): number {
    return this.#gain;
  }

  get offset(): number {
    return this.#offset;
  }

  /** One deviation of what was measured from what was expected. */
  get usualError(): number {
    return Math.sqrt(this.#square);
  }

  of(load: number): number {
    return this.#offset + this.#gain * load;
  }

  /** What was measured above idle, while the mean load was this. */
  learn(load: number, watts: number): void {
    this.#largest = Math.max(this.#largest, load);
    const error = watts - this.of(load);
    const byOffset = (OFFSET_PART * this.#largest) ** 2 || 1;
    const byGain = GAIN_PART ** 2;
    const step = (error * (error > 0 ? UP : DOWN)) / (byOffset + byGain * load ** 2);
    this.#offset += step * byOffset;
    this.#gain = Math.min(LARGEST_GAIN, Math.max(LEAST_GAIN, this.#gain + step * byGain * load));
    const left = watts - this.of(load);
    this.#square += ERROR_RATE * (left ** 2 - this.#square);
  }

  /** The load is measured by other figures from now on, that are so many times smaller. */
  rescale(factor: number): void {
    this.#gain = Math.min(LARGEST_GAIN, Math.max(LEAST_GAIN, this.#gain * factor));
    this.#largest /= factor;
  }
}
