import { basename, resolve } from 'node:path';
import { writeError, writeOutput } from '../../base/index.js';
import type { Account, FootprintKind, MarginalEnergy } from '../../footprint/index.js';
import {
  type AccountSort,
  accountJson,
  accountReport,
  accountText,
  inAscii,
  showsUnicode,
} from '../../report/index.js';
import { ResultFile } from '../result-file.js';
import { packageVersion } from '../version.js';

export interface DeliverOptions {
  readonly directory: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly report?: string;
  readonly sort: AccountSort;
  readonly top?: number;
  readonly kind?: FootprintKind;
  /** What a second trace says. */
  readonly pair?: MarginalEnergy;
}

const NARROWEST = 80;
const WIDEST = 160;
const USUAL = 100;

/** Tries the report's place before the work, which may take long, and leaves nothing there that an interruption would keep. */
export function checkReport(path: string | undefined): void {
  if (path !== undefined) new ResultFile(path, '--report').close();
}

function saveReport(
  account: Account,
  path: string,
  { directory, sort, kind, quiet, pair }: DeliverOptions,
): void {
  const title = basename(resolve(directory));
  const text = accountReport(account, { title, version: packageVersion(), sort, kind, pair });
  const file = new ResultFile(path, '--report');
  try {
    file.save(text, 'Make room, or name another file with --report');
  } finally {
    file.close();
  }
  if (!quiet) writeError(`wattloop: the report is in ${path}\n`);
}

/** The account to stdout, as a table or a document, and the report to its file. */
export function deliver(account: Account, options: DeliverOptions): void {
  if (options.json) writeOutput(`${JSON.stringify(accountJson(account, options.pair), null, 2)}\n`);
  else {
    const columns = process.stdout.columns || USUAL;
    const width = Math.max(NARROWEST, Math.min(columns, WIDEST));
    const text = accountText(account, {
      sort: options.sort,
      top: options.top,
      width,
      kind: options.kind,
      pair: options.pair,
    });
    writeOutput(process.stdout.isTTY && !showsUnicode(process.env) ? inAscii(text) : text);
  }
  // Last, so that a full disk costs the report alone.
  if (options.report !== undefined) saveReport(account, options.report, options);
}
