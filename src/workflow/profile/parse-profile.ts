import { ErrorCode, messageOf, WattloopError } from '../../errors/index.js';
import { configurationKey, parseConfigurationKey } from './configuration-key.js';
import { parseEntry } from './parse-entry.js';
import type { Profile, ProfileEntry, ProfileStage } from './profile.js';

export interface ParseProfileOptions {
  /** What the text is called: for messages. */
  readonly name: string;
  /** The stage of a file that has one stage alone and doesn't name it, as FlexExecutor keeps them. */
  readonly stage: string;
}

const isTree = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const bad = (where: string, why: string, cause?: unknown): WattloopError =>
  new WattloopError(ErrorCode.badInput, `${where}: ${why}`, {
    remedy:
      'A profile is { "<stage>": { "(cpu, memory, workers)": { "read": [[…]], "compute": [[…]], … } } }',
    cause,
  });

/** Python writes what is no number as words that JSON doesn't have: they say that a figure isn't known. */
const withoutPythonNumbers = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
    token.startsWith('"') ? token : 'null',
  );

function readJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    try {
      return JSON.parse(withoutPythonNumbers(text));
    } catch {
      throw bad(name, `is not JSON: ${messageOf(error)}`, error);
    }
  }
}

function parseStage(name: string, tree: unknown, where: string): ProfileStage {
  if (!isTree(tree)) throw bad(where, 'is not an object with configurations');
  const entries = new Map<string, ProfileEntry>();
  for (const [key, value] of Object.entries(tree)) {
    const at = `${where}, configuration "${key}"`;
    const configuration = parseConfigurationKey(key);
    if (typeof configuration === 'string') throw bad(at, configuration);
    const known = configurationKey(configuration);
    if (entries.has(known)) throw bad(at, `is there twice, as ${known}`);
    if (!isTree(value)) throw bad(at, 'is not an object with fields');
    entries.set(
      known,
      parseEntry(configuration, value, (field, why) => bad(`${at}, ${field}`, why)),
    );
  }
  return { name, entries: [...entries.values()] };
}

/** A profile from its text: either by stage, or a single stage by configuration. */
export function parseProfile(text: string, { name, stage }: ParseProfileOptions): Profile {
  const tree = readJson(text, name);
  if (!isTree(tree)) throw bad(name, 'is not an object with stages');
  const keys = Object.keys(tree);
  const isOneStage = keys.length > 0 && keys.every((key) => typeof parseConfigurationKey(key) !== 'string');
  if (isOneStage) return { stages: [parseStage(stage, tree, `${name}: stage "${stage}"`)] };
  return {
    stages: Object.entries(tree).map(([each, value]) => parseStage(each, value, `${name}: stage "${each}"`)),
  };
}
