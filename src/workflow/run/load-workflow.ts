import { pathToFileURL } from 'node:url';
import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import { bundleWorkflow } from '../code/bundle-workflow.js';
import { isWorkflow, type WorkflowDefinition } from '../define/workflow.js';

/** A workflow file, bundled with what it imports. */
export interface LoadedWorkflow {
  /** Absolute path of what the user wrote. */
  readonly file: string;
  readonly definition: WorkflowDefinition;
  readonly bundle: string;
  readonly hash: string;
}

/** Bundles a workflow file and imports the bundle: what is wrong with the file is one error that says where. */
export async function loadWorkflow(file: string, options: { readonly dataDir: string }): Promise<LoadedWorkflow> {
  const { path, hash, source } = await bundleWorkflow(file, { folder: options.dataDir });
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as { default?: unknown };
  } catch (error) {
    throw new WattloopError(ErrorCode.badInput, `${file}: it throws when it is loaded: ${messageOf(error)}`, {
      remedy: 'A workflow file only says what the stages are: work belongs into their functions',
      cause: error,
    });
  }
  if (!isWorkflow(module.default)) {
    throw new WattloopError(ErrorCode.badInput, `${file}: its default export is no workflow`, {
      remedy: "Write: export default workflow('name', {}, (flow) => { flow.stage(…) })",
    });
  }
  return { file: source, definition: module.default, bundle: path, hash };
}
