import { pathToFileURL } from 'node:url';
import { ErrorCode, messageOf, shownPath, WattloopError } from '../../base/index.js';
import type { WorkflowBundle } from './bundle/bundle-workflow.js';

/** Imports a bundle into this process: its module runs. What it throws is told with the user's file and line. */
export async function loadBundle(bundle: WorkflowBundle): Promise<Readonly<Record<string, unknown>>> {
  // Stacks name the files that people wrote; it must be so before the bundle is imported.
  process.setSourceMapsEnabled(true);
  try {
    return await import(pathToFileURL(bundle.path).href);
  } catch (error) {
    if (error instanceof WattloopError) throw error;
    const at = firstUserFrame(error);
    const what = `${shownPath(bundle.file)} failed while it was loaded`;
    throw new WattloopError(
      ErrorCode.badInput,
      `${what}: ${messageOf(error)}${at === undefined ? '' : ` (${at})`}`,
      {
        cause: error,
      },
    );
  }
}

/** The place of the first line of a stack that is no part of Node.js. */
function firstUserFrame(error: unknown): string | undefined {
  const stack = error instanceof Error ? error.stack : undefined;
  for (const line of stack?.split('\n') ?? []) {
    const place = /^\s+at (?:.* \()?(?:file:\/\/)?(\/.*:\d+:\d+)\)?$/.exec(line)?.[1];
    if (place !== undefined) return shownPath(place);
  }
  return undefined;
}

/** The default export of a workflow file, when it is what one must be. */
export async function loadWorkflow<T>(
  bundle: WorkflowBundle,
  isWorkflow: (value: unknown) => value is T,
): Promise<T> {
  const { default: value } = await loadBundle(bundle);
  if (isWorkflow(value)) return value;
  throw new WattloopError(
    ErrorCode.badInput,
    `the default export of ${shownPath(bundle.file)} is ${kindOf(value)}, not a workflow`,
    { remedy: 'It must say: export default workflow(name, options, (flow) => { … })' },
  );
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
