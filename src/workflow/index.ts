/** Workflows of parallel functions: written, run, profiled, predicted. */
export { type AnalyseOptions, analyse } from './characterize/analyse.js';
export { compareSets } from './characterize/compare-sets.js';
export { recommend } from './characterize/recommend/recommend.js';
export { type WholeRun, wholeRunSample } from './characterize/whole-run.js';
