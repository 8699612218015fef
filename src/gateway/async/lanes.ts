/** A first-in first-out queue of numbers that costs no more than its numbers. */
class Line {
  #items: number[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: number): void {
    this.#items.push(item);
  }

  shift(): number | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head++;
    // What was taken is dropped when it is half of all: each number is moved once at most on average.
    if (this.#head > 32 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}

interface Lane {
  readonly name: string;
  readonly line: Line;
  running: number;
  /** How many may be under way: fewer after it was busy, slowly more again. */
  limit: number;
  /** When it was last given a turn, counted in turns. */
  servedAt: number;
}

export interface LanesOptions {
  /** Calls under way at once. */
  readonly concurrency: number;
  /** The higher, the sooner its turn. */
  readonly priorityOf?: (lane: string) => number;
}

/** One turn of so many goes to whoever waited the longest, whatever its priority: nobody waits for ever. */
const TURNS_BY_PRIORITY = 8;
/** A lane may take another slot while it has less than so many times the slots that are free: some stay for newcomers. */
const GREED = 3;

/**
 * Who is next: lanes take turns, however long their queues are. The highest priority comes first, then who has the fewest
 * under way, then who has waited the longest.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #concurrency: number;
  readonly #priorityOf: (lane: string) => number;
  #running = 0;
  #waiting = 0;
  #turns = 0;

  constructor({ concurrency, priorityOf = () => 0 }: LanesOptions) {
    this.#concurrency = concurrency;
    this.#priorityOf = priorityOf;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Items that wait, by lane. */
  waitingByLane(): Record<string, number> {
    const lanes = [...this.#lanes.values()].filter(({ line }) => line.length > 0);
    return Object.fromEntries(lanes.map(({ name, line }) => [name, line.length]));
  }

  add(name: string, item: number): void {
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = { name, line: new Line(), running: 0, limit: this.#concurrency, servedAt: this.#turns };
      this.#lanes.set(name, lane);
    }
    lane.line.push(item);
    this.#waiting++;
  }

  /** The next to begin, which is under way from now on; undefined when nothing may. */
  next(): { readonly lane: string; readonly item: number } | undefined {
    const free = this.#concurrency - this.#running;
    if (free <= 0 || this.#waiting === 0) return undefined;
    const lane = this.#choose(free);
    const item = lane?.line.shift();
    if (lane === undefined || item === undefined) return undefined;
    lane.servedAt = ++this.#turns;
    lane.running++;
    this.#running++;
    this.#waiting--;
    return { lane: lane.name, item };
  }

  /**
   * One that was under way has ended. Where it was turned away because all were busy, its lane may have half as many under way
   * from then on, and one more for each round of them that went well.
   */
  ended(name: string, wasBusy: boolean): void {
    const lane = this.#lanes.get(name);
    if (lane === undefined) return;
    if (wasBusy) lane.limit = Math.max(1, Math.min(lane.limit, lane.running) / 2);
    else lane.limit = Math.min(this.#concurrency, lane.limit + 1 / lane.limit);
    lane.running--;
    this.#running--;
    if (lane.running === 0 && lane.line.length === 0) this.#lanes.delete(name);
  }

  #choose(free: number): Lane | undefined {
    const isLongestWaiting = this.#turns % TURNS_BY_PRIORITY === TURNS_BY_PRIORITY - 1;
    let best: Lane | undefined;
    let bestPriority = 0;
    for (const lane of this.#lanes.values()) {
      if (lane.line.length === 0 || lane.running >= Math.min(GREED * free, Math.floor(lane.limit))) continue;
      const priority = isLongestWaiting ? 0 : this.#priorityOf(lane.name);
      const isBetter =
        best === undefined ||
        priority > bestPriority ||
        (priority === bestPriority &&
          (isLongestWaiting || lane.running === best.running
            ? lane.servedAt < best.servedAt
            : lane.running < best.running));
      if (isBetter) [best, bestPriority] = [lane, priority];
    }
    return best;
  }
}
