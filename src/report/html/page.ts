import { type Markup, markup, type Part, Markup as Whole } from '../markup.js';
import { STYLE } from './style.js';

export interface Page {
  readonly title: string;
  readonly header: Part;
  readonly content: Part;
  readonly footer: Part;
}

/** The style is Wattloop's own and holds no sign that would end it. */
const style: Markup = new Whole(STYLE);

/**
 * A document that stands alone: it loads nothing, runs nothing, and forbids the browser to do either, whatever the names in
 * it say.
 */
export function page({ title, header, content, footer }: Page): string {
  return `<!doctype html>\n${
    markup`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header>${header}</header>
<main>${content}</main>
<footer>${footer}</footer>
</body>
</html>
`.text
  }`;
}
