/** What a workflow is written with. It stands alone, so that a worker that runs one loads nothing else. */

export { binary, csv, isDataSource, lines, objects, range, values } from '../data/sources.js';
export { broadcast, each, gather, scatter, shuffle } from './strategy.js';
export { isWorkflow, workflow } from './workflow.js';
