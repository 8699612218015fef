// Control characters, those that turn the direction of writing, and line separators.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text from outside as it may go to a terminal: nothing in it moves the cursor or ends the line. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, '?');

// Han, kana, Hangul, full-width forms and pictures take two cells; marks stand over the character before them.
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const MARK = /\p{M}/u;

function cellsOf(character: string): number {
  if (MARK.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** How many cells of a terminal printable text takes. */
export function cellWidth(text: string): number {
  let cells = 0;
  for (const character of text) cells += cellsOf(character);
  return cells;
}

/** Text made printable and exactly `width` cells wide: cut with an ellipsis, or filled with spaces. */
export function fitted(text: string, width: number): string {
  const characters = [...printable(text)];
  const cells = characters.map(cellsOf);
  const total = cells.reduce((sum, each) => sum + each, 0);
  if (total <= width) return characters.join('') + ' '.repeat(width - total);
  let used = 0;
  let kept = '';
  for (const [index, character] of characters.entries()) {
    const next = used + (cells[index] ?? 1);
    if (next > width - 1) break;
    kept += character;
    used = next;
  }
  return width <= 0 ? '' : `${kept}…${' '.repeat(width - 1 - used)}`;
}
