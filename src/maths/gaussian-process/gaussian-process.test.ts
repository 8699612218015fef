import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedMinimum } from '../bounded-minimum.js';
import { seededRandom } from '../random.js';
import { fitGaussianProcess, GaussianProcess } from './gaussian-process.js';
import { KERNEL_NAMES, type KernelName } from './kernel.js';
import { negativeLogLikelihood } from './likelihood.js';
import { GaussianPosterior } from './posterior.js';

const data = {
  inputs: [
    [0.5, -1.2],
    [1.5, 0.3],
    [-0.7, 0.8],
    [2.2, 1.9],
    [-1.4, -0.6],
    [0.1, 0.4],
    [-2.0, 1.5],
  ],
  targets: [0.62, 1.31, -0.44, 0.15, -0.93, 0.71, -1.2],
  noiseScales: [1, 0.5, 0.5, 1, 2, 1, 0.25],
};
const hyper = { lengths: [1.3, 2.1], signalVariance: 0.9, noiseVariance: 0.05 };
const probes = [
  [0, 0],
  [1, 1],
  [5, -5],
];

// Computed with numpy from the textbook's formulas and a plain inverse.
const REFERENCE: Record<
  KernelName,
  { likelihood: number; means: number[]; variances: number[]; left: number[]; leftVariances: number[] }
> = {
  matern52: {
    likelihood: -7.299059925256501,
    means: [0.520894877015, 1.10602687874, 0.008349257455],
    variances: [0.065703792082, 0.194555548413, 0.899920974515],
    left: [
      0.761183182996, 0.532877328211, -0.235038037606, 0.692799105121, -0.55171437544, 0.353839120165,
      -0.579695120462,
    ],
    leftVariances: [
      0.530943319909, 0.466138908448, 0.288607525268, 0.653726754428, 0.621230202029, 0.290196805567,
      0.632197522015,
    ],
  },
  rbf: {
    likelihood: -6.737615788303318,
    means: [0.483440953283, 1.173932463098, 0.001210897139],
    variances: [0.035978128957, 0.098432538224, 0.899998029735],
    left: [
      0.941476870736, 0.690127659664, -0.271149353781, 0.782860706962, -0.720936041246, 0.452304973298,
      -0.782813278422,
    ],
    leftVariances: [
      0.400264555927, 0.306585592632, 0.154206299419, 0.517688884415, 0.511120102071, 0.153987691262,
      0.490815307052,
    ],
  },
};

function expectClose(found: readonly number[], reference: readonly number[]): void {
  expect(found).toHaveLength(reference.length);
  for (const [i, value] of reference.entries()) expect(found[i]).toBeCloseTo(value, 9);
}

describe.each(KERNEL_NAMES)('a Gaussian process with the kernel %s', (kernel) => {
  it('says what numpy says', () => {
    const posterior = new GaussianPosterior(data, kernel, hyper);
    const reference = REFERENCE[kernel];
    expect(posterior.logLikelihood()).toBeCloseTo(reference.likelihood, 10);
    const values = probes.map((probe) => posterior.at(probe));
    expectClose(
      values.map(({ mean }) => mean),
      reference.means,
    );
    expectClose(
      values.map(({ variance }) => variance),
      reference.variances,
    );
    const left = posterior.leaveOneOut();
    expectClose(
      left.map(({ mean }) => mean),
      reference.left,
    );
    expectClose(
      left.map(({ variance }) => variance),
      reference.leftVariances,
    );
  });

  it('leaves a point out as if it had never been seen, whatever was seen there', () => {
    const targets = data.targets.with(2, 99);
    const posterior = new GaussianPosterior(data, kernel, hyper);
    const without = <T>(values: readonly T[]): T[] => values.filter((_, i) => i !== 2);
    const fresh = new GaussianPosterior(
      {
        inputs: without(data.inputs),
        targets: without(data.targets),
        noiseScales: without(data.noiseScales),
      },
      kernel,
      hyper,
    );
    expect(posterior.leaveOneOut(targets)[2]?.mean).toBeCloseTo(fresh.at(data.inputs[2] ?? []).mean, 10);
  });

  it('knows the slopes of its likelihood', () => {
    const likelihood = negativeLogLikelihood(data, kernel);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -2, max: 1.5, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (at) => {
          const slopes = new Float64Array(4);
          const unused = new Float64Array(4);
          likelihood(at, slopes);
          for (let k = 0; k < 4; k++) {
            const [up, down] = [at.with(k, (at[k] ?? 0) + 1e-5), at.with(k, (at[k] ?? 0) - 1e-5)];
            const rise = likelihood(up, unused) - likelihood(down, unused);
            expect(slopes[k]).toBeCloseTo(rise / 2e-5, 3);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('fitGaussianProcess', () => {
  const inputs = Array.from({ length: 24 }, (_, i) => [i / 3, ((i * 7) % 11) / 11]);
  const targets = inputs.map(([x = 0], i) => Math.sin(x) + 0.3 * (((i * i * 31) % 17) / 17 - 0.5));

  // The best of 30 searches with scipy's L-BFGS-B on the same scaled figures. The second input says nothing: its length
  // is as long as may be.
  it.each([
    ['matern52', -2.1951798515912095, [1.21234813, 50, 2.80672091, 0.013307132]],
    ['rbf', 1.1862150256804505, [0.874848081, 50, 2.67551995, 0.01225844]],
  ] as const)('finds the likeliest hyperparameters with %s', (kernel, likelihood, reference) => {
    const { hyperparameters, logLikelihood } = fitGaussianProcess(inputs, targets, { kernel });
    const { lengths, signalVariance, noiseVariance } = hyperparameters;
    expect(logLikelihood).toBeCloseTo(likelihood, 6);
    const found = [...lengths, signalVariance, noiseVariance];
    for (const [k, value] of reference.entries()) expect((found[k] ?? 0) / value).toBeCloseTo(1, 2);
  });

  it('gives the same again for the same seed, and after a journey through JSON', () => {
    const [first, second] = [fitGaussianProcess(inputs, targets), fitGaussianProcess(inputs, targets)];
    expect(first).toEqual(second);
    const kept = new GaussianProcess(JSON.parse(JSON.stringify(first)));
    expect(kept.predict([2.5, 0.4])).toEqual(new GaussianProcess(first).predict([2.5, 0.4]));
  });

  it('predicts between the points, with intervals that hold', () => {
    const process = new GaussianProcess(fitGaussianProcess(inputs, targets));
    const { mean, observedDeviation, distance } = process.predict([2.5, 0.4]);
    expect(Math.abs(mean - Math.sin(2.5))).toBeLessThan(3 * observedDeviation);
    expect(observedDeviation).toBeLessThan(0.2);
    expect(distance).toBeLessThan(1);
    expect(process.predict([50, 0.4]).distance).toBeGreaterThan(3);
  });

  it('learns a power law by its logarithms, far beyond what a straight line of it could', () => {
    const random = seededRandom(3);
    const sizes = [1, 2, 4, 8, 16, 32, 64, 128];
    const seconds = sizes.map((size) => 40 * size ** -0.7 * Math.exp(0.03 * random.normal()));
    const model = fitGaussianProcess(
      sizes.map((size) => [size]),
      seconds,
      { logInputs: [true], logTargets: true },
    );
    const { mean, deviation } = new GaussianProcess(model).predict([24]);
    expect(Math.abs(mean / (40 * 24 ** -0.7) - 1)).toBeLessThan(0.05);
    expect(deviation).toBeGreaterThan(0);
  });

  it('takes one more point without another fit', () => {
    const process = new GaussianProcess(fitGaussianProcess(inputs, targets));
    const before = process.predict([12, 0.5]);
    const after = process.with([12, 0.5], 0.3).predict([12, 0.5]);
    expect(after.deviation).toBeLessThan(before.deviation / 2);
    expect(after.distance).toBe(0);
  });

  it('says 0 far from all deviations', () => {
    const model = fitGaussianProcess([[0], [1], [2]], [0.3, 0.4, 0.35], { zeroMean: true });
    expect(new GaussianProcess(model).predict([1e6]).mean).toBeCloseTo(0, 9);
  });

  it('refuses figures that are none', () => {
    expect(() => fitGaussianProcess([[1], [2]], [1, Number.NaN])).toThrow(RangeError);
    expect(() => fitGaussianProcess([[0], [2]], [1, 2], { logInputs: [true] })).toThrow(RangeError);
    expect(() => fitGaussianProcess([], [])).toThrow(RangeError);
  });
});

describe('boundedMinimum', () => {
  const rosenbrock = (x: Float64Array, gradient: Float64Array): number => {
    const [a = 0, b = 0] = x;
    gradient[0] = -2 * (1 - a) - 400 * a * (b - a * a);
    gradient[1] = 200 * (b - a * a);
    return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
  };

  it('follows a bent valley to its end', () => {
    const { x } = boundedMinimum({ value: rosenbrock, lower: [-5, -5], upper: [5, 5] }, [-1.2, 1], {
      maxEvaluations: 300,
    });
    for (const at of x) expect(at).toBeCloseTo(1, 6);
  });

  it('stops at a wall where the lowest point is there', () => {
    const { x } = boundedMinimum({ value: rosenbrock, lower: [-5, -5], upper: [0.5, 5] }, [-1.2, 1], {
      maxEvaluations: 300,
    });
    expect(x[0]).toBe(0.5);
    expect(x[1]).toBeCloseTo(0.25, 6);
  });
});
