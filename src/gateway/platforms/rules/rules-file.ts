import { readFileSync } from 'node:fs';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { ErrorCode, messageOf, systemCode, WattloopError } from '../../../base/index.js';
import { type WorkerRule, workerRule } from '../../../model/index.js';

const REMEDY = 'docs/agent.md says what a rule may hold';

const list = z.array(workerRule);
/** A list of rules, or a file of settings' form with nothing else in it. */
const schema = z.union([list, z.strictObject({ rules: list }).transform(({ rules }) => rules)]);

/** The rules that a YAML or JSON file holds. What is wrong with one is said with its line. */
export function readRules(path: string): WorkerRule[] {
  const lines = new LineCounter();
  const refuse = (why: string, offset: number | undefined, cause?: unknown): WattloopError => {
    const place = offset === undefined ? path : `${path}, line ${lines.linePos(offset).line}`;
    return new WattloopError(ErrorCode.badInput, `${place}: ${why}`, { remedy: REMEDY, cause });
  };
  const document = parseDocument(textOf(path), { prettyErrors: false, lineCounter: lines });
  const [fault] = document.errors;
  if (fault !== undefined) throw refuse(fault.message, fault.pos[0], fault);
  const tree: unknown = document.toJS();
  const rules = Array.isArray(tree) ? list.safeParse(tree) : schema.safeParse(tree);
  if (rules.success) return rules.data;
  const [issue] = rules.error.issues;
  if (issue === undefined || issue.code === 'invalid_union') {
    throw refuse('must hold a list of rules, or "rules:" with one', undefined);
  }
  const at = [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
  const where = issue.path.slice(1).map(String).join('.');
  throw refuse(where === '' ? issue.message : `${where}: ${issue.message}`, offsetOf(document, at));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = systemCode(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw new WattloopError(ErrorCode.badInput, `${path}: ${why}`, { remedy: REMEDY, cause: error });
  }
}

/** Where a part of the document begins, or the nearest that contains it. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length).map(String).map(asIndex), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return undefined;
}

const asIndex = (key: string): string | number => (/^\d+$/.test(key) ? Number(key) : key);
