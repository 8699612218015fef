import { ErrorCode, shownPath, WattloopError } from '../../../base/index.js';
import { type BundleOptions, bundleModule, type ModuleBundle } from './bundle-module.js';

/** A workflow file with all that it imports. */
export type WorkflowBundle = ModuleBundle;

const WORDS = { what: 'A workflow', usualNames: ['workflow', 'index', 'main'] };

/** Bundles a workflow file with what it imports into one file that any process of this machine can import. */
export async function bundleWorkflow(file: string, options: BundleOptions): Promise<WorkflowBundle> {
  const bundle = await bundleModule(file, WORDS, options);
  if (bundle.exports.includes('default')) return bundle;
  throw new WattloopError(ErrorCode.badInput, `${shownPath(bundle.file)} has no default export`, {
    remedy: 'A workflow file says: export default workflow(name, options, (flow) => { … })',
  });
}
