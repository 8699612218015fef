import type { MetricFamily, MetricSample } from './sample.js';

const keyOf = (name: string, { labels }: MetricSample): string =>
  `${name}${JSON.stringify(Object.entries(labels).sort())}`;

/** Counters of something that begins anew go on from what was shown of it before. */
export class LastingCounters {
  readonly #base: Readonly<Record<string, number>>;
  #shown: Record<string, number>;

  constructor(before: Readonly<Record<string, number>> = {}) {
    this.#base = before;
    this.#shown = { ...before };
  }

  /** What was shown last, by counter and labels. */
  get shown(): Readonly<Record<string, number>> {
    return this.#shown;
  }

  /** The families with all counters grown by what was before. */
  of(families: readonly MetricFamily[]): MetricFamily[] {
    this.#shown = { ...this.#shown };
    return families.map(({ definition, samples }) => {
      if (definition.type !== 'counter') return { definition, samples };
      const grown = samples.map((sample): MetricSample => {
        const key = keyOf(definition.name, sample);
        const value = (this.#base[key] ?? 0) + sample.value;
        this.#shown[key] = value;
        return { ...sample, value };
      });
      return { definition, samples: grown };
    });
  }
}
