import type { RunRecord } from '../../model/index.js';

const PLAIN = /^[\w./:@%+,=-]+$/;

/** A word as a shell takes it. */
const quoted = (word: string): string => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** What goes on with a run, to be copied into a shell. */
export const resumeCommand = ({ id, workflowFile }: Pick<RunRecord, 'id' | 'workflowFile'>): string =>
  `wattloop run ${quoted(workflowFile ?? 'WORKFLOW')} --resume ${id}`;
