/** A sample with the moment, on the host's monotonic clock, at which it was true. */
export interface TimedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly at: number;
}

/** Where samples come from: an exporter's own page, or a Prometheus that scrapes it. */
export interface SampleReader {
  /** For messages: the address, without credentials. */
  readonly where: string;
  /** Seconds between reads that make sense. */
  readonly interval: number;
  /** Rejects with a WattloopError that says what is wrong and what would mend it. */
  read(): Promise<TimedSample[]>;
}
