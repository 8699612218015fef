// What XML and HTML can't hold, and what would turn the direction of writing.
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML and SVG, within an element or a quoted attribute. */
export const escaped = (text: string): string =>
  text.replace(FORBIDDEN, '?').replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');

/** A piece of HTML or SVG that is known to be whole. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text is escaped, markup goes in as it is, lists are joined, absent gives nothing. */
export type Part = string | number | Markup | undefined | readonly Part[];

function written(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return part.map(written).join('');
}

/** HTML or SVG from a template; whatever is put in is escaped unless it is markup itself. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    strings.map((string, index) => string + (index < parts.length ? written(parts[index]) : '')).join(''),
  );
}
