import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';
import type { z } from 'zod';
import { closest, ErrorCode, messageOf, misspelt, systemCode, WattloopError } from '../../base/index.js';
import type { CallDescription, LoadDescription } from './load-description.js';
import { type CallDocument, FUNCTION_KEYS, PLAN_KEYS, planSchema } from './plan-document.js';

const REMEDY = 'docs/load.md says what a plan may hold';

/** The load that a YAML or JSON file describes. What is wrong with it is said with its line and key. */
export function readPlan(path: string): LoadDescription {
  const lines = new LineCounter();
  const refuse = (why: string, offset: number | undefined, cause?: unknown): WattloopError => {
    const place = offset === undefined ? path : `${path}, line ${lines.linePos(offset).line}`;
    return new WattloopError(ErrorCode.badInput, `${place}: ${why}`, { remedy: REMEDY, cause });
  };
  const document = parseDocument(textOf(path), { prettyErrors: false, lineCounter: lines });
  const [fault] = document.errors;
  if (fault !== undefined) throw refuse(fault.message, fault.pos[0], fault);
  let tree: unknown;
  try {
    tree = document.toJS() ?? {};
  } catch (error) {
    throw refuse(messageOf(error), undefined, error);
  }
  const parsed = planSchema.safeParse(tree);
  if (!parsed.success) {
    const { message, at } = explained(parsed.error.issues[0], tree);
    throw refuse(message, offsetOf(document.contents, at));
  }
  const plan = parsed.data;
  const bodyOf = (of: CallDocument, at: readonly PropertyKey[]): Uint8Array | undefined => {
    const given = (['body', 'body_file', 'json'] as const).filter((name) => of[name] !== undefined);
    if (given.length > 1)
      throw refuse(
        `${given.join(' and ')} are two bodies`,
        offsetOf(document.contents, [...at, given[1] ?? '']),
      );
    if (of.json !== undefined) return Buffer.from(JSON.stringify(of.json));
    if (of.body !== undefined) return Buffer.from(of.body);
    if (of.body_file === undefined) return undefined;
    try {
      return readFileSync(resolve(dirname(path), of.body_file));
    } catch (error) {
      throw refuse(
        `body_file: ${messageOf(error)}`,
        offsetOf(document.contents, [...at, 'body_file']),
        error,
      );
    }
  };
  return {
    gateway: plan.gateway,
    durationSeconds: plan.duration,
    warmUpSeconds: plan.warm_up,
    seed: plan.seed,
    maxInFlight: plan.max_in_flight,
    trace: plan.trace === undefined ? undefined : resolve(dirname(path), plan.trace),
    speed: plan.speed,
    skipSeconds: plan.skip,
    sample: plan.sample,
    failIf: plan.fail_if,
    forAll: callOf(plan, bodyOf(plan, [])),
    functions: plan.functions.map((each, index) => ({
      name: each.name,
      url: each.url,
      path: each.path,
      traceFunction: each.trace_function,
      ...callOf(each, bodyOf(each, ['functions', index])),
    })),
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = systemCode(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw new WattloopError(ErrorCode.badInput, `${path}: ${why}`, {
      remedy: 'Name a plan that you may read, or an address that begins with http://',
      cause: error,
    });
  }
}

function callOf(of: CallDocument, body: Uint8Array | undefined): CallDescription {
  const isJson = of.json !== undefined;
  return {
    arrival: of.arrival,
    rate: of.rate,
    concurrency: of.concurrency,
    thinkSeconds: of.think,
    method: of.method?.toUpperCase(),
    headers: isJson ? { 'content-type': 'application/json', ...of.headers } : of.headers,
    body,
    timeoutSeconds: of.timeout,
    isAsync: of.async,
  };
}

interface Explained {
  readonly message: string;
  readonly at: readonly PropertyKey[];
}

/** What is wrong, and the path of the key at which it is. */
function explained(issue: z.core.$ZodIssue | undefined, tree: unknown): Explained {
  if (issue === undefined) return { message: 'it is no plan', at: [] };
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = issue.path.length === 0 ? PLAN_KEYS : FUNCTION_KEYS;
    const near = misspelt(key, known) ?? known.find((name) => name.startsWith(key));
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    return { message: `unknown key ${JSON.stringify(key)}${hint}`, at: [...issue.path, key] };
  }
  const name = issue.path.map(String).join('.');
  const value = issue.path.reduce<unknown>(
    (node, step) =>
      typeof node === 'object' && node !== null ? (node as Record<PropertyKey, unknown>)[step] : undefined,
    tree,
  );
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const allowed = issue.values.map(String);
    const message = `${name}: ${JSON.stringify(value)} is none of ${allowed.join(', ')} (did you mean "${closest(value, allowed)}"?)`;
    return { message, at: issue.path };
  }
  return { message: name === '' ? issue.message : `${name}: ${issue.message}`, at: issue.path };
}

/** Where the key of a path stands in the file, or the nearest thing that contains it. */
function offsetOf(contents: Node | ParsedNode | null, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = contents;
  let offset: number | undefined;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
      if (!isScalar(pair?.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      if (item === undefined) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset;
}
