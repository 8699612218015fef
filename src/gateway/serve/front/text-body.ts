import type { IncomingMessage } from 'node:http';
import { ErrorCode, WattloopError } from '../../../base/index.js';

const MOST_BYTES = 1_048_576;

/** The body of a request of the API; it is small, so that it may be held whole. */
export async function textBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES)
      throw new WattloopError(
        ErrorCode.badInput,
        `the body is larger than the ${MOST_BYTES} bytes that it may have`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
