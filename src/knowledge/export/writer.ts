import type { FlatRow } from './flat-row.js';

export type Rows = AsyncIterable<FlatRow>;

/** Takes what is to be written, piece by piece. Bytes are its own from then on. */
export type Write = (piece: string | Uint8Array) => void;
