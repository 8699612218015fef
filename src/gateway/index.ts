/** The servers: for now the node agent. */
export { type AgentOptions, runAgent } from './agent/agent.js';
export { METRICS, type MetricDefinition } from './metrics/definitions.js';
export { jainIndex } from './power-cap/fairness.js';
export { PowerCap, type PowerCapOptions, type PowerCapReport } from './power-cap/power-cap.js';
export { CappedServer, type CappedServerOptions } from './power-cap/server-gate.js';
export type { CappedCall, Settlement, ShedReason, Ticket } from './power-cap/ticket.js';
