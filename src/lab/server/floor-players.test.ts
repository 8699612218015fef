import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FloorPlayers } from './floor-players.js';

interface Span {
  readonly player: number;
  readonly start: number;
  readonly length: number;
}

const PLAYERS = 3;
const HYSTERESIS = 2;

/** Plays spans of activity; the floor is of 1 W, so that shares are seconds. */
function play(spans: readonly Span[]): Float64Array {
  const floor = new FloorPlayers(PLAYERS, HYSTERESIS);
  let [time, share] = [0, 0];
  const goTo = (to: number): void => {
    if (floor.count > 0) share += (to - time) / floor.count;
    time = to;
  };
  const events = spans
    .flatMap(({ player, start, length }) => [
      { time: start, happen: () => void floor.enter(player, share) },
      { time: start + length, happen: () => void floor.leave(player, time) },
    ])
    .sort((a, b) => a.time - b.time);
  for (const event of [...events, { time: 1e3, happen: () => {} }]) {
    while (floor.nextExpiry <= event.time) {
      goTo(floor.nextExpiry);
      floor.expire(share);
    }
    goTo(event.time);
    event.happen();
  }
  return floor.joules;
}

/** Seconds for which a floor is up that these players keep up, quarter by quarter. */
function secondsUp(spans: readonly Span[], coalition: ReadonlySet<number>): number {
  let seconds = 0;
  for (let t = 0.125; t < 100; t += 0.25) {
    const up = spans.some(
      ({ player, start, length }) => coalition.has(player) && t > start && t < start + length + HYSTERESIS,
    );
    if (up) seconds += 0.25;
  }
  return seconds;
}

/** The mean over all orders in which players may come of what each adds. */
function shapley(spans: readonly Span[]): number[] {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  return [0, 1, 2].map((player) => {
    const added = orders.map((order) => {
      const before = order.slice(0, order.indexOf(player));
      return secondsUp(spans, new Set([...before, player])) - secondsUp(spans, new Set(before));
    });
    return added.reduce((sum, seconds) => sum + seconds, 0) / orders.length;
  });
}

const span = fc.record({
  player: fc.nat(PLAYERS - 1),
  start: fc.nat(40).map((quarters) => quarters / 4),
  length: fc.integer({ min: 1, max: 20 }).map((quarters) => quarters / 4),
});

describe('FloorPlayers', () => {
  it('divides a floor as Shapley values do, worked out over all orders of players', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), (spans) => {
        const [shares, values] = [play(spans), shapley(spans)];
        for (const player of [0, 1, 2]) expect(shares[player]).toBeCloseTo(values[player] ?? Number.NaN, 9);
      }),
    );
  });

  it('lets nobody count who has been away for longer than the hysteresis', () => {
    const spans = [
      { player: 0, start: 0, length: 1 },
      { player: 1, start: 5, length: 1 },
    ];
    expect([...play(spans)]).toEqual([3, 3, 0]);
  });
});
