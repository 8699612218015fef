import type { ServerResponse } from 'node:http';
import { ReplicaHeader } from '../replica/replica.js';

export interface Failure {
  readonly status: number;
  /** One word, for the gateway; without where it is the caller that has to mend something. */
  readonly reason?: string;
  /** For the caller. */
  readonly message: string;
}

/** Answers that a call failed, and why; an answer that has begun is broken off, so that nobody takes it for whole. */
export function answerFailure(
  response: ServerResponse,
  { status, reason, message }: Failure,
  cpuSeconds: number | undefined,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = Buffer.from(`${message}\n`);
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': body.length,
    ...(reason === undefined ? {} : { [ReplicaHeader.failure]: reason }),
    ...(cpuSeconds === undefined ? {} : { [ReplicaHeader.cpuSeconds]: cpuSeconds.toFixed(6) }),
  });
  response.end(body);
}
