/** What the estimates are compared with: what the machine would have drawn less, or what the function's work itself took. */
export type ReferenceKind = 'marginal' | 'individual';

/** How estimates by function compare with references. Absent figures could not be computed: `absent` says why. */
export interface Comparison {
  readonly against: ReferenceKind;
  /** Functions with both an estimate and a reference, in the reference's order. */
  readonly compared: readonly string[];
  /** Functions with a reference of which the account says nothing: what it declines to tell is not judged, but counted. */
  readonly withoutEstimate: readonly string[];
  readonly cosineSimilarity?: number;
  /** What "energy in proportion to mean latency" would score on the same functions: the bar that any account must clear. */
  readonly naiveCosineSimilarity?: number;
  /** Mean over functions of |estimate − reference| / reference. */
  readonly individualDifference?: number;
  /** By function, in the reference's order: (estimate − reference) / reference. */
  readonly differences: Readonly<Record<string, number>>;
  /** The part of functions whose reference lies within two standard errors of the estimate. */
  readonly withinTwoErrors?: number;
  /** Why a figure is absent, by its name. */
  readonly absent: Readonly<Record<string, string>>;
}

/**
 * How an account compares with reference energies, and how well it predicts. Its own figures under `against` compare with
 * the marginal references where there are any; absent figures could not be computed.
 */
export interface Validation extends Comparison {
  /** The individual energies' comparison, where references of both kinds are known. */
  readonly individual?: Comparison;
  /** |predicted − measured| energy over measured, over the whole trace. */
  readonly totalError?: number;
  /** The same by window, and the mean over windows. */
  readonly windowError?: number;
  /** Of predicted power, tick by tick. */
  readonly r2?: number;
  /** σ(J) / σ(T), mean over functions, in watts: energy per invocation by window, over the latency of invocations. */
  readonly latencyNormalizedVariance?: number;
  /** σ(J) / mean(J), mean over functions, by window. */
  readonly coefficientOfVariation?: number;
  readonly windowSeconds: number;
}
