import { type Markup, markup, type Part } from '../markup.js';

export interface Column {
  readonly title: string;
  /** Words stand left, figures right; long words may wrap. */
  readonly kind?: 'figure' | 'text' | 'long';
  /** What the column means, shown under the pointer. */
  readonly hint?: string;
}

const kindOf = ({ kind }: Column): string =>
  kind === 'text' ? 'text' : kind === 'long' ? 'text long' : 'figure';

/** A table whose first cell of each row names it; wider than the page, it scrolls by itself. */
export function htmlTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Part[])[],
): Markup {
  const head = columns.map(
    (column, index) =>
      markup`<th scope="col" class="${index === 0 ? 'text' : kindOf(column)}" title="${column.hint ?? column.title}">${column.title}</th>`,
  );
  const body = rows.map(
    ([name, ...cells]) =>
      markup`<tr><th scope="row">${name}</th>${cells.map((cell, index) => {
        const column = columns[index + 1];
        return markup`<td class="${column === undefined ? 'figure' : kindOf(column)}">${cell}</td>`;
      })}</tr>
`,
  );
  // A region that scrolls must be reachable by keys.
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>
${body}</tbody></table></div>`;
}

/** A picture with its legend, its words, and its figures as a table for those who would rather read. */
export function figure(picture: Markup, legend: Markup, caption: string, figures: Markup): Markup {
  return markup`<figure><div class="scroll" tabindex="0" role="region" aria-label="${caption}">${picture}</div>${legend}
<details><summary>The picture as a table</summary>${figures}</details></figure>`;
}
