import { describe, expect, it } from 'vitest';
import { CONTROL_PLANE_COLOUR, FUNCTION_COLOURS, IDLE_COLOUR } from './palette.js';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** How eyes without one kind of cone see, on linear light (Machado, Oliveira and Fernandes, 2009, full severity). */
const EYES: Readonly<Record<string, Matrix>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const times = (matrix: Matrix, [a, b, c]: Triple): Triple => {
  const row = ([x, y, z]: Triple): number => Math.min(1, Math.max(0, x * a + y * b + z * c));
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
};

function linear(colour: string): Triple {
  const channel = (at: number): number => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** OKLab: distances in it are alike to the eye. */
function lab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const distance = (a: string, b: string, eye: Matrix): number => {
  const [from, to] = [lab(times(eye, linear(a))), lab(times(eye, linear(b)))];
  return Math.hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2]);
};

describe.each(Object.entries(EYES))('the colours of functions, to %s', (name, eye) => {
  // Blues are few to those who lack the cone for it.
  const [least, leastOfNeighbours] = name === 'tritanopia' ? [0.06, 0.15] : [0.09, 0.2];

  it('can all be told apart', () => {
    const all = [...FUNCTION_COLOURS, IDLE_COLOUR, CONTROL_PLANE_COLOUR];
    for (const [index, a] of all.entries())
      for (const b of all.slice(index + 1)) expect(distance(a, b, eye), `${a} ${b}`).toBeGreaterThan(least);
  });

  it('differ much from their neighbours in a stack', () => {
    for (const [index, a] of FUNCTION_COLOURS.slice(1).entries()) {
      const b = FUNCTION_COLOURS[index] ?? '';
      expect(distance(a, b, eye), `${a} ${b}`).toBeGreaterThan(leastOfNeighbours);
    }
  });
});
