/** The servers: the gateway, which serves functions, and the node agent. */

export type {
  AccountedReplica,
  AccountTick,
  CallPage,
  CallQuery,
  EnergyRate,
  FootprintQuery,
  FootprintRow,
  Footprints,
  FunctionPower,
  LiveAccount,
} from './account/account.js';
export { type OpenAccountOptions, openAccount } from './account/open-account.js';
export { type AccountProcessOptions, startAccountProcess } from './account/start-account-process.js';
export { type AgentOptions, runAgent } from './agent/agent.js';
export { AsyncCalls, type AsyncCallsOptions } from './async/async-calls.js';
export type {
  AsyncAccepted,
  AsyncAnswer,
  AsyncAttempt,
  AsyncCallStatus,
  AsyncRefusal,
  AsyncRequest,
  AsyncStats,
} from './async/call.js';
export { METRICS, type MetricDefinition } from './metrics/definitions.js';
export { type ExplainedWorker, explainWorkers } from './platforms/explain.js';
export { openPlatformMonitor } from './platforms/open-platform-monitor.js';
export { readRules } from './platforms/rules/rules-file.js';
export { jainIndex } from './power-cap/fairness.js';
export { powerCapFamilies } from './power-cap/families.js';
export { PowerCap, type PowerCapOptions, type PowerCapReport } from './power-cap/power-cap.js';
export { powerCapJson } from './power-cap/report-json.js';
export { CappedServer, type CappedServerOptions } from './power-cap/server-gate.js';
export type { CappedCall, Settlement, ShedReason, Ticket } from './power-cap/ticket.js';
export { type ServeOptions, serve } from './serve/serve.js';
