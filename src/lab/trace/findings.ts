import type { Finding } from '../../footprint/index.js';

/** Where what the reader of a trace should know goes. */
export type Tell = (finding: Finding) => void;
