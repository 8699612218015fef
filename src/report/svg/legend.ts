import { type Markup, markup } from '../markup.js';

export interface LegendEntry {
  readonly label: string;
  readonly look: string;
  readonly kind: 'area' | 'line' | 'dot' | 'whisker';
  /** The label in full, where it was shortened. */
  readonly title?: string;
}

function swatch({ look, kind }: LegendEntry): Markup {
  const sign =
    kind === 'area'
      ? markup`<rect class="${look}" width="14" height="14" rx="2"/>`
      : kind === 'line'
        ? markup`<path class="line ${look}" d="M0 7H14"/>`
        : kind === 'dot'
          ? markup`<circle class="${look}" cx="7" cy="7" r="5"/>`
          : markup`<path class="whisker" d="M0 7H14"/><circle class="dot" cx="7" cy="7" r="4"/>`;
  return markup`<svg class="swatch" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">${sign}</svg>`;
}

/** What the colours mean, as a list that wraps with the page. */
export function legend(entries: readonly LegendEntry[]): Markup {
  return markup`<ul class="legend">${entries.map(
    (entry) =>
      markup`<li title="${entry.title ?? entry.label}">${swatch(entry)}<span>${entry.label}</span></li>`,
  )}</ul>`;
}
