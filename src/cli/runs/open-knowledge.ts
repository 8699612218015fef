import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { Knowledge } from '../../knowledge/index.js';
import type { Settings } from '../../model/index.js';

const FILE = 'knowledge.db';

export const knowledgePath = ({ data_dir }: Settings): string => join(data_dir, FILE);

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The knowledge base that the settings name; undefined when there is none yet. One of an older Wattloop is brought up to
 * date on the way, and one that belongs to somebody else is read as it is.
 */
export async function openKnowledgeIfAny(settings: Settings): Promise<Knowledge | undefined> {
  const path = knowledgePath(settings);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  return Knowledge.open(path, { readOnly: !isWritable(path) });
}

/** The same, where there must be one. */
export async function openKnowledge(settings: Settings): Promise<Knowledge> {
  return (await openKnowledgeIfAny(settings)) ?? Knowledge.open(knowledgePath(settings), { readOnly: true });
}

/** Lets `work` use the knowledge base, and closes it whatever happens. */
export async function withKnowledge<Result>(
  settings: Settings,
  work: (knowledge: Knowledge) => Result | Promise<Result>,
): Promise<Result> {
  const knowledge = await openKnowledge(settings);
  try {
    return await work(knowledge);
  } finally {
    knowledge.close();
  }
}
