import type { Trace } from '../../model/index.js';
import { descriptionText } from './description-file.js';
import { TRACE_FILES } from './files.js';
import { invocationsText, powerText, usageText } from './tables-text.js';
import { writeFolder } from './trace-folder.js';
import { truthText } from './truth-file.js';

export interface WriteTraceOptions {
  /** Whether a trace that is there already may be replaced; true unless told. A folder with anything else never is. */
  readonly overwrite?: boolean;
}

/** Writes the trace as a directory: whole, or not at all. Its parent must exist. */
export async function writeTrace(
  directory: string,
  trace: Trace,
  options: WriteTraceOptions = {},
): Promise<void> {
  const files = new Map<string, Iterable<string>>([
    [TRACE_FILES.power, powerText(trace.power)],
    [TRACE_FILES.invocations, invocationsText(trace.invocations)],
  ]);
  if (trace.usage) files.set(TRACE_FILES.usage, usageText(trace.usage));
  const description = descriptionText(trace.description);
  if (description !== undefined) files.set(TRACE_FILES.description, [description]);
  if (trace.truth) files.set(TRACE_FILES.truth, [truthText(trace.truth)]);
  await writeFolder(directory, files, options.overwrite ?? true);
}
