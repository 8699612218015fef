/** How an account compares with reference energies, and how well it predicts. Absent figures could not be computed. */
export interface Validation {
  readonly cosineSimilarity?: number;
  /** What "energy in proportion to mean latency" would score: the bar that any account must clear. */
  readonly naiveCosineSimilarity?: number;
  /** Mean over functions of |estimate − reference| / reference. */
  readonly individualDifference?: number;
  /** By function, in the reference's order: (estimate − reference) / reference. */
  readonly differences: Readonly<Record<string, number>>;
  /** |predicted − measured| energy over measured, over the whole trace. */
  readonly totalError?: number;
  readonly latencyNormalizedVariance?: number;
}
