import { cellWidth, printable } from './printable.js';

/** The most of the beginning (or of the end) of a text that fits into `cells`. */
function piece(text: string, cells: number, fromEnd: boolean): string {
  const characters = [...text];
  if (fromEnd) characters.reverse();
  const kept: string[] = [];
  let used = 0;
  for (const character of characters) {
    used += cellWidth(character);
    if (used > cells) break;
    kept.push(character);
  }
  return (fromEnd ? kept.reverse() : kept).join('');
}

function shortened(name: string, width: number, tail: number): string {
  if (cellWidth(name) <= width) return name;
  if (width <= 1) return width === 1 ? '…' : '';
  const end = piece(name, Math.min(tail, width - 1), true);
  return `${piece(name, width - 1 - cellWidth(end), false)}…${end}`;
}

/** How much of the end to keep, tried in this order: most names differ at their beginning, many at their end. */
const tails = (width: number): number[] => [0, Math.floor(width / 3), Math.floor(width / 2), width - 2];

/**
 * Names made printable and at most `width` cells wide, so that no two that differ look the same: cut at the end, or in the
 * middle where that tells more of them apart, and numbered where nothing else does.
 */
export function distinctNames(names: readonly string[], width: number): string[] {
  const shown = names.map((name) => (name === '' ? '(no name)' : printable(name)));
  const tries = tails(width).map((tail) => shown.map((name) => shortened(name, width, tail)));
  const kinds = tries.map((each) => new Set(each).size);
  const best = tries[kinds.indexOf(Math.max(...kinds))] ?? shown;
  const uses = new Map<string, number>();
  for (const text of best) uses.set(text, (uses.get(text) ?? 0) + 1);
  const taken = new Set(best.filter((text) => uses.get(text) === 1));
  let number = 0;
  return best.map((text) => {
    if (uses.get(text) === 1) return text;
    let numbered: string;
    do {
      const mark = `#${++number}`;
      numbered = `${piece(text, Math.max(0, width - mark.length), false)}${mark}`;
    } while (taken.has(numbered));
    taken.add(numbered);
    return numbered;
  });
}
