/** The ten digits as a display of 5 × 7 dots shows them. */
const DIGITS = `
.###. ..#.. .###. .###. ...#. ##### ..##. ##### .###. .###.
#...# .##.. #...# #...# ..##. #.... .#... ....# #...# #...#
#..## ..#.. ....# ....# .#.#. ####. #.... ...#. #...# #...#
#.#.# ..#.. ...#. ..##. #..#. ....# ####. ..#.. .###. .####
##..# ..#.. ..#.. ....# ##### ....# #...# ..#.. #...# ....#
#...# ..#.. .#... #...# ...#. #...# #...# ..#.. #...# ...#.
.###. .###. ##### .###. ...#. .###. .###. ..#.. .###. .##..`;

const LINES = DIGITS.trim()
  .split('\n')
  .map((line) => line.split(' '));

export const GLYPHS = LINES[0]?.length ?? 0;

/** 1 where the glyph has a dot, 0 elsewhere. */
const dot = (glyph: number, x: number, y: number): number => (LINES[y]?.[glyph]?.[x] === '#' ? 1 : 0);

/** How dark a glyph is at a place between its dots; its middle is at 0, 0. */
export function darkness(glyph: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x + 2), Math.floor(y + 3)];
  const [right, down] = [x + 2 - left, y + 3 - top];
  const above = (1 - right) * dot(glyph, left, top) + right * dot(glyph, left + 1, top);
  const below = (1 - right) * dot(glyph, left, top + 1) + right * dot(glyph, left + 1, top + 1);
  return (1 - down) * above + down * below;
}
