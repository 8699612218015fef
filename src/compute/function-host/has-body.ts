import type { IncomingMessage } from 'node:http';

/** Whether a caller sends a body, be it an empty one in chunks. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined ||
  (headers['content-length'] !== undefined && headers['content-length'] !== '0');
