/** The servers: for now the node agent. */

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
export { METRICS, type MetricDefinition } from './metrics/definitions.js';
