import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import type { Knowledge } from '../../knowledge/index.js';
import type { StageSample } from '../../model/index.js';
import { readProfileFile } from '../profile/profile-files.js';
import { profileSamples } from '../profile/profile-samples.js';

export interface ResultSet {
  readonly label: string;
  readonly samples: readonly StageSample[];
  /** What of a file can't be used, or is not what it seems. */
  readonly warnings: readonly string[];
}

/** Results by a name: a file of `characterize`, a profile file, or an experiment, a run or a workflow that is kept. */
export async function resultSet(name: string, knowledge: () => Promise<Knowledge>): Promise<ResultSet> {
  if (existsSync(name)) return fromFile(name);
  const kept = await knowledge();
  try {
    for (const by of ['experiment', 'run', 'workflow'] as const) {
      const samples = kept.stageSamples({ [by]: name });
      if (samples.length > 0) return { label: name, samples, warnings: [] };
    }
  } finally {
    kept.close();
  }
  throw new WattloopError(ErrorCode.badInput, `there are no results of "${name}"`, {
    remedy:
      'Name a file of characterize --output, a profile file, or an experiment, a run or a workflow that was run here',
  });
}

async function fromFile(path: string): Promise<ResultSet> {
  const label = basename(path).replace(/\.json$/, '');
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new WattloopError(ErrorCode.badInput, `${path} is no JSON: ${messageOf(error)}`, { cause: error });
  }
  if (hasSamples(document)) return { label, samples: document.samples, warnings: [] };
  return { label, ...profileSamples(await readProfileFile(path), { workflow: label, origin: label }) };
}

const hasSamples = (document: unknown): document is { samples: StageSample[] } =>
  typeof document === 'object' &&
  document !== null &&
  'samples' in document &&
  Array.isArray(document.samples);
