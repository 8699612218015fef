import { type Markup, markup, type Part } from '../markup.js';

export interface Picture {
  /** Unique in the document. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** What it shows, in words, for those who don't see it. */
  readonly description: string;
}

/** An SVG picture that scales with the page and tells what it shows to readers of the screen. */
export function picture({ id, width, height, title, description }: Picture, content: Part): Markup {
  return markup`<svg class="chart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-description">
<title id="${id}-title">${title}</title>
<desc id="${id}-description">${description}</desc>
${content}
</svg>`;
}
