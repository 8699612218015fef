import { PowerIntegral, type PowerSeries, usualInterval, type Windows, windowsOf } from './series.js';

/** Samples of the coarse signal, from one number up to but without another. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

export interface LaggedFit {
  readonly correlation: number;
  /** Samples of the coarse signal that the fine one covers at this lag. */
  readonly pairs: number;
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

/** How like a centred signal is to itself one sample later, from 0 to 1. */
const memoryOf = (values: readonly number[]): number =>
  Math.max(0, dot(values.slice(1), values.slice(0, -1)) / (dot(values, values) || 1));

/** The samples less the straight line through them: slow warming of a machine is no common movement. */
function detrended(series: PowerSeries): PowerSeries {
  const { samples } = series;
  const meanAt = samples.reduce((sum, { at }) => sum + at, 0) / samples.length;
  const meanWatts = samples.reduce((sum, { watts }) => sum + watts, 0) / samples.length;
  let [across, along] = [0, 0];
  for (const { at, watts } of samples) {
    across += (at - meanAt) * (watts - meanWatts);
    along += (at - meanAt) ** 2;
  }
  const slope = along > 0 ? across / along : 0;
  const level = (at: number): number => meanWatts + slope * (at - meanAt);
  return { ...series, samples: samples.map(({ at, watts }) => ({ at, watts: watts - level(at) })) };
}

/**
 * The correlation of two signals at any lag, not only at whole samples: each sample of the coarser signal is compared
 * with the mean of the finer one over the time that it speaks for, moved by the lag. Since that mean is what the coarser
 * one would have measured, and the correlation is taken anew at each lag, its peak lies at the true lag between samples.
 */
export class LaggedCorrelation {
  readonly #integral: PowerIntegral;
  readonly #windows: Windows;
  readonly #coarse: Float64Array;
  readonly #means: Float64Array;

  constructor(fine: PowerSeries, coarse: PowerSeries) {
    this.#integral = new PowerIntegral(detrended(fine));
    this.#windows = windowsOf(coarse, usualInterval(fine));
    this.#coarse = Float64Array.from(detrended(coarse).samples, ({ watts }) => watts);
    this.#means = new Float64Array(this.#coarse.length);
  }

  /** Equal parts of the coarse signal. */
  parts(count: number): Part[] {
    const place = (part: number): number => Math.round((this.#coarse.length * part) / count);
    return Array.from({ length: count }, (_, part) => ({ from: place(part), to: place(part + 1) }));
  }

  /** With the coarse signal, or a part of it, coming `lag` seconds late. */
  at(lag: number, part: Part = { from: 0, to: this.#coarse.length }): LaggedFit {
    const x = this.#integral.means(this.#windows, lag, this.#means, part.from, part.to);
    const y = this.#coarse;
    let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
    for (let i = part.from; i < part.to; i++) {
      const a = x[i] ?? Number.NaN;
      const b = y[i] ?? 0;
      if (Number.isNaN(a)) continue;
      n++;
      sx += a;
      sy += b;
      sxx += a * a;
      syy += b * b;
      sxy += a * b;
    }
    const spread = Math.sqrt(Math.max(0, sxx - (sx * sx) / n) * Math.max(0, syy - (sy * sy) / n));
    return { correlation: spread > 0 ? (sxy - (sx * sy) / n) / spread : 0, pairs: n };
  }

  /**
   * How many independent samples the pairs at a lag are worth: for telling a correlation from chance, and for telling
   * one lag from another. Neighbouring samples that are alike count for less.
   */
  independentPairs(lag: number): { readonly forChance: number; readonly forLag: number } {
    const x = this.#integral.means(this.#windows, lag, this.#means);
    const both = [...this.#coarse.keys()].filter((i) => !Number.isNaN(x[i] ?? Number.NaN));
    const a = centred(both.map((i) => x[i] ?? 0));
    const b = centred(both.map((i) => this.#coarse[i] ?? 0));
    const slope = dot(a, b) / (dot(a, a) || 1);
    const rest = b.map((value, i) => value - slope * (a[i] ?? 0));
    const worth = (memory: number): number => (both.length * (1 - memory)) / (1 + memory);
    return { forChance: worth(memoryOf(a) * memoryOf(b)), forLag: worth(memoryOf(rest)) };
  }
}
