import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import { bundleWorkflow } from '../code/bundle/bundle-workflow.js';
import { checkClosures, type NamedFunction } from '../code/check-closures.js';
import { loadWorkflow as importWorkflow } from '../code/load-bundle.js';
import type { Parameters } from '../define/json.js';
import type { BuiltWorkflow, WorkflowDefinition } from '../define/workflow.js';
import { isWorkflow } from '../define/workflow.js';

/** A workflow file, bundled with what it imports. */
export interface LoadedWorkflow {
  /** Absolute path of what the user wrote. */
  readonly file: string;
  readonly definition: WorkflowDefinition;
  readonly bundle: string;
  readonly hash: string;
  readonly warnings: readonly string[];
  /** Writes its stages down, and refuses those whose functions can't go to another process. */
  build(parameters?: Parameters): BuiltWorkflow;
}

/** Bundles a workflow file and imports the bundle: what is wrong with the file is one error that says where. */
export async function loadWorkflow(
  file: string,
  settings: { readonly data_dir: string },
): Promise<LoadedWorkflow> {
  const bundle = await bundleWorkflow(file, { folder: `${settings.data_dir}/bundles` });
  const definition = await importWorkflow(bundle, isWorkflow);
  return {
    file: bundle.file,
    definition,
    bundle: bundle.path,
    hash: bundle.hash,
    warnings: bundle.warnings,
    build: (parameters) => {
      const built = written(definition, parameters);
      checkClosures(bundle, functionsOf(built));
      return built;
    },
  };
}

function written(definition: WorkflowDefinition, parameters: Parameters | undefined): BuiltWorkflow {
  try {
    return definition.build(parameters);
  } catch (error) {
    if (error instanceof WattloopError) throw error;
    throw new WattloopError(
      ErrorCode.badInput,
      `the workflow "${definition.name}" failed while its stages were written down: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function* functionsOf({ stages }: BuiltWorkflow): Iterable<NamedFunction> {
  for (const { name, run, inputs = {} } of stages) {
    if (run !== undefined) yield { name: `stage "${name}"`, fn: run };
    for (const [input, { key }] of Object.entries(inputs)) {
      if (key !== undefined) yield { name: `stage "${name}", key of input "${input}"`, fn: key };
    }
  }
}
