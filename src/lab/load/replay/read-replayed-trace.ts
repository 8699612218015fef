import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, systemCode } from '../../../base/index.js';
import { badFile } from '../../trace/csv/problem.js';
import { TRACE_FILES } from '../../trace/files.js';
import { AZURE_MINUTES_COLUMN, readAzureMinutes } from './azure-minutes.js';
import type { ReplayedTrace, TraceWindow } from './replayed-trace.js';
import { AZURE_CALLS_COLUMN, readAzureCalls, readInvocationStarts } from './single-calls.js';

const HEADER_BYTES = 256;

/** When functions are called, as a trace directory, an `invocations.csv`, or a published trace of Azure Functions says. */
export async function readReplayedTrace(path: string, window: TraceWindow): Promise<ReplayedTrace> {
  const file = (await isFolder(path)) ? join(path, TRACE_FILES.invocations) : path;
  const header = (await beginning(file)).toLowerCase();
  const read = header.includes(AZURE_MINUTES_COLUMN)
    ? readAzureMinutes
    : header.includes(AZURE_CALLS_COLUMN)
      ? readAzureCalls
      : readInvocationStarts;
  const trace = await read(file, window);
  if (trace.cells.at.length === 0)
    throw badFile(
      file,
      undefined,
      'nothing is called in that time',
      'Take more of the trace, or another part',
    );
  return trace;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const why = systemCode(error) === 'ENOENT' ? 'there is no such file or folder' : messageOf(error);
    throw badFile(path, undefined, why, 'Name a trace directory, or a CSV of calls, that you may read');
  }
}

async function beginning(path: string): Promise<string> {
  const buffer = Buffer.alloc(HEADER_BYTES);
  try {
    const file = await open(path, 'r');
    try {
      const { bytesRead } = await file.read(buffer, 0, HEADER_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const why = systemCode(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw badFile(path, undefined, why, 'Name a trace directory, or a CSV of calls, that you may read');
  }
}
