/** What a joule and a second emit now. */
export interface CarbonNow {
  readonly gramsPerKilowattHour: number;
  /** Where that comes from, for people. */
  readonly origin: string;
  readonly pue: number;
  /** Of making the machine; undefined where that is not known. */
  readonly embodiedGramsPerSecond: number | undefined;
}
