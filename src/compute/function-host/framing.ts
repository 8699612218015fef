import type { IncomingMessage } from 'node:http';

/** Whether a caller sends a body, be it an empty one in chunks. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined ||
  (headers['content-length'] !== undefined && headers['content-length'] !== '0');

/** Whether an answer without a length can be followed by trailers: where it is sent in chunks. */
export const takesTrailers = ({ method, httpVersionMinor }: IncomingMessage, status: number): boolean =>
  method !== 'HEAD' && httpVersionMinor > 0 && status !== 204 && status !== 304;
