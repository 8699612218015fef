/** How well probabilities foretold what came. */
export interface Metrics {
  /** The part that was foretold rightly, with survival foretold from a half on. */
  readonly accuracy: number;
  /** The harmonic mean of how many of those foretold to survive did, and how many of those who did were foretold to. */
  readonly f1: number;
  /** How likely a survivor has a higher probability than one who died. */
  readonly auc: number;
}

export function metricsOf(probabilities: Float64Array, labels: Uint8Array): Metrics {
  let [right, foretold, both] = [0, 0, 0];
  labels.forEach((label, row) => {
    const says = (probabilities[row] ?? 0) >= 0.5 ? 1 : 0;
    right += Number(says === label);
    foretold += says;
    both += says * label;
  });
  const survived = sum(labels);
  return {
    accuracy: right / labels.length,
    f1: foretold + survived === 0 ? 0 : (2 * both) / (foretold + survived),
    auc: areaUnderCurve(probabilities, labels),
  };
}

/** By ranks, as Mann and Whitney do it; equal probabilities share theirs. */
function areaUnderCurve(probabilities: Float64Array, labels: Uint8Array): number {
  const at = (row: number): number => probabilities[row] ?? 0;
  const order = Int32Array.from(labels.keys()).sort((a, b) => at(a) - at(b));
  let ranks = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && at(order[to] ?? 0) === at(order[from] ?? 0)) to++;
    const shared = (from + 1 + to) / 2;
    for (const row of order.subarray(from, to)) ranks += shared * (labels[row] ?? 0);
  }
  const survived = sum(labels);
  return (ranks - (survived * (survived + 1)) / 2) / (survived * (labels.length - survived));
}

const sum = (numbers: Uint8Array): number => numbers.reduce((total, number) => total + number, 0);
