import { cellWidth } from './printable.js';

/** Words in lines of at most `width` cells, all but the first indented. A word that is longer stands alone. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  const room = width - indent.length;
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    const cells = cellWidth(word);
    if (line !== '' && used + cells + 1 > room) {
      lines.push(line);
      [line, used] = [word, cells];
    } else [line, used] = line === '' ? [word, cells] : [`${line} ${word}`, used + cells + 1];
  }
  return [...lines, line].join(`\n${indent}`);
}
