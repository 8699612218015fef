import { mkdirSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { ErrorCode, WattloopError, writeError } from '../base/index.js';
import { ResultFile } from './result-file.js';

const REPORT_KINDS = ['html', 'md'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** A report that an option names, `--report FILE`: its kind is told by the name's ending. */
export class ReportFile {
  readonly path: string;
  readonly kind: ReportKind;
  readonly #option: string;

  /** Tries the place before the work, which may take long, and leaves nothing there that an interruption would keep. */
  constructor(path: string, option = '--report') {
    const ending = extname(path).slice(1).toLowerCase();
    const kind = REPORT_KINDS.find((known) => known === ending || (known === 'html' && ending === 'htm'));
    if (kind === undefined)
      throw new WattloopError(ErrorCode.badUsage, `${option} ${path}: a report is a page or Markdown`, {
        remedy: 'Let the name end in .html or .md',
      });
    makeFolder(dirname(path));
    new ResultFile(path, option).close();
    this.#option = option;
    this.path = path;
    this.kind = kind;
  }

  save(text: string, quiet: boolean): void {
    const file = new ResultFile(this.path, this.#option);
    try {
      file.save(text, `Make room, or name another file with ${this.#option}`);
    } finally {
      file.close();
    }
    if (!quiet) writeError(`wattloop: the report is in ${this.path}\n`);
  }
}

/** One folder, no more: a slip of the fingers makes no tree. What goes wrong is told when the file is tried. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch {
    // It is there, or can't be.
  }
}
