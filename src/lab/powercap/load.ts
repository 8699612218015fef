/** What drives a virtual machine: the energy that its packages take as time goes on. */
export interface Load {
  /** Begins at time `at` (seconds of the host's clock). */
  start(at: number): void;
  /** Joules that each package took since the last call, up to time `at`. */
  advance(at: number): readonly number[];
  close(): void;
}
