import type { Comparison, MarginalEnergy, Validation } from '../../footprint/index.js';
import { figure } from './figure.js';

function comparisonJson(comparison: Comparison): object {
  const differences = Object.entries(comparison.differences).map(([name, value]) => [name, figure(value)]);
  return {
    cosine_similarity: figure(comparison.cosineSimilarity),
    naive_cosine_similarity: figure(comparison.naiveCosineSimilarity),
    individual_difference: figure(comparison.individualDifference),
    against: comparison.against,
    compared: comparison.compared,
    without_estimate: comparison.withoutEstimate,
    differences: Object.fromEntries(differences),
    within_two_errors: figure(comparison.withinTwoErrors),
  };
}

export function validationJson(validation: Validation): object {
  return {
    ...comparisonJson(validation),
    individual: validation.individual === undefined ? null : comparisonJson(validation.individual),
    total_error: figure(validation.totalError),
    window_error: figure(validation.windowError),
    window_s: figure(validation.windowSeconds),
    latency_normalized_variance: figure(validation.latencyNormalizedVariance),
    coefficient_of_variation: figure(validation.coefficientOfVariation),
    absent: Object.fromEntries(Object.entries(validation.absent).map(([name, why]) => [snake(name), why])),
  };
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What a second trace that leaves functions out says of them. */
export function marginalJson(pair: MarginalEnergy): object {
  const { difference, joulesPerInvocation: each } = pair;
  return {
    window_s: figure(pair.windowSeconds),
    known_s: figure(pair.knownSeconds),
    with_j: figure(pair.withJoules),
    without_j: figure(pair.withoutJoules),
    difference_j: figure(difference.value),
    error_j: figure(difference.standardError),
    low_j: figure(difference.low),
    high_j: figure(difference.high),
    confidence: figure(pair.confidence),
    block_s: figure(pair.blockSeconds),
    functions: pair.leftOut.map(({ name }) => name),
    other_functions: pair.others.map(({ name }) => name),
    invocations: pair.invocations,
    marginal_j: figure(each?.value),
    marginal_error_j: figure(each?.standardError),
    marginal_low_j: figure(each?.low),
    marginal_high_j: figure(each?.high),
    reason: pair.reason ?? null,
    findings: pair.findings.map(({ code, message, count }) => ({ code, message, count: count ?? null })),
  };
}
