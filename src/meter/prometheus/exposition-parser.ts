/** One sample of a metrics page: a name, labels and a value as the page gives them. */
export interface ExpositionSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** The time stamp as written: milliseconds in Prometheus' text format, seconds in OpenMetrics; usually absent. */
  readonly timestamp?: number;
}

interface ExpositionFault {
  /** Counted from 1. */
  readonly line: number;
  readonly reason: string;
}

export interface Exposition {
  readonly samples: readonly ExpositionSample[];
  /** By metric family: `counter`, `gauge`, … */
  readonly types: ReadonlyMap<string, string>;
  readonly help: ReadonlyMap<string, string>;
  /** Lines that could not be read. They don't spoil the others: exporters with a broken label are common. */
  readonly faults: readonly ExpositionFault[];
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const SPACE = /[ \t]*/y;
const TOKEN = /[^ \t]+/y;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(inity)?$/i;
const COMMENT = /^#[ \t]*(HELP|TYPE)[ \t]+("(?:[^"\\]|\\.)*"|[^ \t]+)(?:[ \t]+(.*))?$/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '\\': '\\', '"': '"' };

class Fault extends Error {}

/** An escape that the format does not know stands for itself, backslash included, as Prometheus reads it. */
const unescaped = (text: string): string =>
  text.replace(/\\(.)/gs, (whole, character: string) => ESCAPES[character] ?? whole);

function numberOf(text: string): number {
  if (NUMBER.test(text)) return Number(text);
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  const infinite = INFINITE.exec(text);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  throw new Fault(`"${text.slice(0, 40)}" is not a number`);
}

/** Reads one line from left to right. */
class Cursor {
  readonly #line: string;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [text] = pattern.exec(this.#line) ?? [''];
    this.#at += text.length;
    return text;
  }

  skip(character: string): boolean {
    this.take(SPACE);
    if (this.#line[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  /** Whether a space was passed just now. */
  get spaced(): boolean {
    return /[ \t]/.test(this.#line[this.#at - 1] ?? '');
  }

  get done(): boolean {
    this.take(SPACE);
    return this.#at >= this.#line.length;
  }

  /** The quoted text that starts here, or undefined where there is no quote. */
  quoted(): string | undefined {
    if (!this.skip('"')) return undefined;
    const start = this.#at;
    for (; this.#at < this.#line.length; this.#at++) {
      if (this.#line[this.#at] === '\\') this.#at++;
      else if (this.#line[this.#at] === '"') return unescaped(this.#line.slice(start, this.#at++));
    }
    throw new Fault('a quoted text has no end');
  }
}

/** The inside of `{…}`. A quoted text alone is the metric's own name, as names beyond ASCII are written. */
function readLabels(cursor: Cursor, labels: Map<string, string>): string | undefined {
  let metric: string | undefined;
  while (!cursor.skip('}')) {
    const quoted = cursor.quoted();
    const key = quoted ?? cursor.take(NAME);
    if (key === '') throw new Fault('a label has no name');
    if (cursor.skip('=')) {
      const value = cursor.quoted();
      if (value === undefined) throw new Fault(`the value of label ${key} is not quoted`);
      labels.set(key, value);
    } else if (quoted !== undefined && metric === undefined) metric = quoted;
    else throw new Fault(`label ${key} has no value`);
    if (!cursor.skip(',')) {
      if (cursor.skip('}')) return metric;
      throw new Fault('labels are not separated by commas');
    }
  }
  return metric;
}

function readSample(line: string): ExpositionSample {
  const cursor = new Cursor(line);
  cursor.take(SPACE);
  let name = cursor.take(NAME);
  const labels = new Map<string, string>();
  if (cursor.skip('{')) {
    const inside = readLabels(cursor, labels);
    if (inside !== undefined && name !== '') throw new Fault('the metric has two names');
    name ||= inside ?? '';
  } else if (name !== '' && !cursor.spaced) throw new Fault('the name is not followed by a space');
  if (name === '') throw new Fault('the metric has no name');
  if (cursor.done) throw new Fault('there is no value');
  const value = numberOf(cursor.take(TOKEN));
  // What follows ` # ` is an exemplar, which is of no use here.
  const sample = { name, labels: Object.fromEntries(labels), value };
  if (cursor.done || cursor.skip('#')) return sample;
  const timestamp = numberOf(cursor.take(TOKEN));
  if (!cursor.done && !cursor.skip('#')) throw new Fault('there is text behind the time stamp');
  return { ...sample, timestamp };
}

/** A metrics page in Prometheus' text format (0.0.4 and 1.0.0) or OpenMetrics text. */
export function parseExposition(page: string): Exposition {
  const samples: ExpositionSample[] = [];
  const faults: ExpositionFault[] = [];
  const types = new Map<string, string>();
  const help = new Map<string, string>();
  for (const [index, raw] of page.split('\n').entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '') continue;
    if (line.trimStart().startsWith('#')) {
      const [, kind, family = '', text = ''] = COMMENT.exec(line.trimStart()) ?? [];
      const name = family.startsWith('"') ? unescaped(family.slice(1, -1)) : family;
      if (kind === 'TYPE') types.set(name, text.trim());
      if (kind === 'HELP') help.set(name, unescaped(text));
      continue;
    }
    try {
      samples.push(readSample(line));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      faults.push({ line: index + 1, reason: error.message });
    }
  }
  return { samples, types, help, faults };
}
