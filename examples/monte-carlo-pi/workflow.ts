import { gather, workflow } from 'wattloop/workflow';

/** Random numbers from 0 to 1 that are the same in every run (xorshift). */
function randomFrom(seed: number): () => number {
  let state = (seed * 2654435769) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** How many of so many random points in a square lie in the circle that touches its sides. */
function pointsInCircle(points: number, seed: number): number {
  const random = randomFrom(seed);
  let inside = 0;
  for (let i = 0; i < points; i++) {
    const [x, y] = [random(), random()];
    if (x * x + y * y <= 1) inside++;
  }
  return inside;
}

export default workflow('monte-carlo-pi', { parameters: { points: 40_000_000, workers: 8 } }, (flow) => {
  const { workers } = flow.parameters;
  const counts = flow.stage('sample', {
    workers,
    memoryMib: 256,
    run: (_, { parameters, partition, workers, countWork }) => {
      const mine = Math.floor(parameters.points / workers);
      countWork(mine);
      return { points: mine, inside: pointsInCircle(mine, partition + 1) };
    },
  });
  return flow.stage('estimate', {
    memoryMib: 256,
    inputs: { counts: gather(counts) },
    run: ({ counts }) => {
      const points = counts.reduce((sum, count) => sum + count.points, 0);
      const inside = counts.reduce((sum, count) => sum + count.inside, 0);
      const pi = (4 * inside) / points;
      return { pi, points, error: Math.abs(pi - Math.PI) };
    },
  });
});
