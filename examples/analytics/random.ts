const scrambled = (bits: number): number => {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};

/** Whole numbers drawn evenly from `least` to `most`. */
export type Draw = (least: number, most: number) => number;

/**
 * Chance of its own for each row of each table: a row is the same whoever makes it, and however many share the work.
 */
export function drawFor(seed: number, table: string, key: number): Draw {
  let state = scrambled(seed) ^ scrambled(key);
  for (const letter of table) state = scrambled(state ^ letter.charCodeAt(0));
  return (least, most) => {
    state = (state + 0x9e3779b9) >>> 0;
    return least + Math.floor((scrambled(state) / 2 ** 32) * (most - least + 1));
  };
}
