/** Eigenvalues, the largest first, and the eigenvector of each as a row. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** Of a symmetric matrix, by Jacobi's rotations: pair by pair, what lies off the diagonal is turned away, until none is left. */
export function eigenOf(matrix: Float64Array, size: number): Eigen {
  const a = matrix.slice();
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  const enough = 1e-22 * a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < 60 && offDiagonal(a, size) > enough; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) turn(a, vectors, size, p, q);
  }
  const diagonal = (i: number): number => a[i * size + i] ?? 0;
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => diagonal(j) - diagonal(i));
  return {
    values: Float64Array.from(order, diagonal),
    vectors: Float64Array.from(order.flatMap((i) => [...vectors.subarray(i * size, (i + 1) * size)])),
  };
}

function offDiagonal(a: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) sum += (a[i * size + j] ?? 0) ** 2;
  return sum;
}

function turn(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const off = a[p * size + q] ?? 0;
  if (off === 0) return;
  const theta = ((a[q * size + q] ?? 0) - (a[p * size + p] ?? 0)) / (2 * off);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const rotation = { size, cosine, sine };
  rotate(a, p, q, size, rotation);
  rotate(a, p * size, q * size, 1, rotation);
  rotate(vectors, p * size, q * size, 1, rotation);
}

interface Rotation {
  readonly size: number;
  readonly cosine: number;
  readonly sine: number;
}

/** Turns two columns, or rows, that begin at these places into one another. */
function rotate(a: Float64Array, first: number, second: number, stride: number, by: Rotation): void {
  const { size, cosine, sine } = by;
  for (let k = 0, i = first, j = second; k < size; k++, i += stride, j += stride) {
    const [x, y] = [a[i] ?? 0, a[j] ?? 0];
    a[i] = cosine * x - sine * y;
    a[j] = sine * x + cosine * y;
  }
}
