/** Where functions run: one interface, and the backends behind it. */

export type { ComputeBackend, Handler, HandlerContext, StartedTask, Task, TaskReport } from './backend.js';
