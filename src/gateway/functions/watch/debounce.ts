export interface DebounceTimes {
  /** Quiet for so long, what was begun is likely whole. */
  readonly quietSeconds: number;
  /** After so long it is done however much goes on. */
  readonly longestSeconds: number;
}

/** Gathers what changes in a short time, and hands it over at once. */
export class Debounce<T> {
  readonly #times: DebounceTimes;
  readonly #act: (gathered: ReadonlySet<T>) => void;
  #gathered = new Set<T>();
  #timer: NodeJS.Timeout | undefined;
  #firstAt = 0;

  constructor(times: DebounceTimes, act: (gathered: ReadonlySet<T>) => void) {
    this.#times = times;
    this.#act = act;
  }

  add(one: T): void {
    const now = performance.now();
    if (this.#gathered.size === 0) this.#firstAt = now;
    this.#gathered.add(one);
    const { quietSeconds, longestSeconds } = this.#times;
    const left = this.#firstAt + longestSeconds * 1e3 - now;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, Math.min(quietSeconds * 1e3, left)));
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#gathered.clear();
  }

  #flush(): void {
    const gathered = this.#gathered;
    this.#gathered = new Set();
    this.#act(gathered);
  }
}
