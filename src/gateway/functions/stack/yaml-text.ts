import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar, visit } from 'yaml';
import { ErrorCode, messageOf, shownPath, WattloopError } from '../../../base/index.js';

/** A YAML file whose values are all text, as OpenFaaS reads them, and whose places are known. */
export class YamlText {
  readonly path: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  private constructor(path: string, document: Document, lines: LineCounter) {
    this.path = path;
    this.#document = document;
    this.#lines = lines;
  }

  /** Throws where the text is no YAML. `replace` may change each value, and throw what is wrong with it. */
  static parse(path: string, text: string, replace: (value: string) => string = (value) => value): YamlText {
    const lines = new LineCounter();
    // "0123", "yes" and "1e3" stay as they were written.
    const options = { schema: 'failsafe', merge: true, prettyErrors: false, lineCounter: lines } as const;
    const document = parseDocument(text, options);
    const yaml = new YamlText(path, document, lines);
    const [error] = document.errors;
    if (error) throw yaml.#refuseAt(error.pos[0], error.message);
    visit(document, { Scalar: (_, node) => yaml.#replaceIn(node, replace) });
    return yaml;
  }

  /** Plain data: maps, lists and texts. Absent where there is nothing in the file. */
  value(): unknown {
    try {
      return this.#document.toJS();
    } catch (error) {
      // An alias of nothing, or of too much.
      throw this.#refuseAt(0, messageOf(error));
    }
  }

  /** An error that names file, line and column of a key, or of the nearest that contains it. */
  refuse(at: readonly PropertyKey[], message: string, remedy?: string): WattloopError {
    const name = at.map(String).join('.');
    return this.#refuseAt(this.#offsetOf(at), name === '' ? message : `${name}: ${message}`, remedy);
  }

  #refuseAt(offset: number | undefined, message: string, remedy?: string): WattloopError {
    const { line, col } = this.#lines.linePos(offset ?? 0);
    const place = offset === undefined ? shownPath(this.path) : `${shownPath(this.path)}:${line}:${col}`;
    return new WattloopError(
      ErrorCode.badInput,
      `${place}: ${message}`,
      remedy === undefined ? {} : { remedy },
    );
  }

  #replaceIn(node: Scalar, replace: (value: string) => string): void {
    if (typeof node.value !== 'string') return;
    try {
      node.value = replace(node.value);
    } catch (error) {
      throw this.#refuseAt(node.range?.[0], messageOf(error));
    }
  }

  #offsetOf(path: readonly PropertyKey[]): number | undefined {
    let node: unknown = this.#document.contents;
    let offset = path.length === 0 ? 0 : undefined;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
        if (!isScalar(pair?.key)) break;
        offset = pair.key.range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        if (!isScalar(node)) break;
        offset = node.range?.[0] ?? offset;
      } else break;
    }
    return offset;
  }
}
