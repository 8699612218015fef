/** How alike the values at two points are, by how far the points are apart: `rbf` is smooth throughout, `matern52` twice. */
export const KERNEL_NAMES = ['matern52', 'rbf'] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];

/** Of the squared distance, each dimension in units of its own length (automatic relevance determination). */
export interface Kernel {
  /** 1 at no distance. */
  readonly value: (squaredDistance: number) => number;
  /** Minus twice the slope, from the value there. Times (Δ/length)² it is the slope over a length's logarithm. */
  readonly fall: (squaredDistance: number, value: number) => number;
}

const matern52 = (squared: number): number => {
  const distance = Math.sqrt(5 * squared);
  return (1 + distance + (5 / 3) * squared) * Math.exp(-distance);
};

export const KERNELS: Readonly<Record<KernelName, Kernel>> = {
  rbf: {
    value: (squared) => Math.exp(-squared / 2),
    fall: (_, value) => value,
  },
  matern52: {
    value: matern52,
    fall: (squared, value) => {
      const distance = Math.sqrt(5 * squared);
      return ((5 / 3) * (1 + distance) * value) / (1 + distance + (5 / 3) * squared);
    },
  },
};
