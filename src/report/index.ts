/** Results as people and programs read them: terminal tables and JSON documents. */
export { measurementJson } from './json/measurement.js';
export { measurementText } from './terminal/measurement.js';
export { type Cell, table } from './terminal/table.js';
