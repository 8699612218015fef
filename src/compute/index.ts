/** Where functions run: one interface, and the backends behind it. */

export type { ComputeBackend, Handler, HandlerContext, StartedTask, Task, TaskReport } from './backend.js';
export { DockerEngine, EngineRefusal } from './docker/engine.js';
export { openDockerReplicas } from './docker/open-docker-replicas.js';
export type {
  FunctionConfig,
  FunctionContext,
  FunctionEvent,
  FunctionHandler,
} from './function-host/handler/handler-api.js';
export { EpochClock } from './local/epoch-clock.js';
export { type LocalBackendOptions, openLocalBackend } from './local/open-local-backend.js';
export { monotonicSeconds } from './monotonic.js';
export { openLocalReplicas } from './replica/open-local-replicas.js';
export {
  type Replica,
  type ReplicaAddress,
  type ReplicaEnd,
  ReplicaHeader,
  type ReplicaHost,
  type ReplicaPlan,
} from './replica/replica.js';
export { type ResourcesAsked, resourcesFor } from './resources.js';
