import type { IncomingMessage } from 'node:http';
import { ErrorCode, messageOf, WattloopError } from '../../../base/index.js';

const MOST_BYTES = 1_048_576;

/** The JSON that a request of the API carries; it is small, so that it may be held whole. */
export async function jsonBody(request: IncomingMessage): Promise<unknown> {
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
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '') throw new WattloopError(ErrorCode.badInput, 'the body is empty: JSON is wanted');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new WattloopError(ErrorCode.badInput, `the body is no JSON: ${messageOf(error)}`);
  }
}
