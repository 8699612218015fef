/** What a workflow is written with. It stands alone, so that a worker that runs one loads nothing else. */

export type { Json, Parameters } from './json.js';
export type {
  CommandStageOptions,
  FunctionStageOptions,
  StageContext,
  StageInputs,
  StageOptions,
} from './stage.js';
export {
  broadcast,
  each,
  gather,
  type StageInput,
  type StageRef,
  scatter,
  shuffle,
} from './strategy.js';
export { isWorkflow, type WorkflowDefinition, workflow } from './workflow.js';
