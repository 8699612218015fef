/** The servers: for now the node agent. */
export { type AgentOptions, runAgent } from './agent/agent.js';
export { METRICS, type MetricDefinition } from './metrics/definitions.js';
