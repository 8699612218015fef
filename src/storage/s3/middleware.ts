import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';

/** What of a request is looked at here; its class is in a package of its own. */
interface SomeRequest {
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

function isRequest(request: unknown): request is SomeRequest {
  return typeof request === 'object' && request !== null && 'headers' in request;
}

export function addMiddleware(client: S3Client): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (isRequest(args.request)) {
        const { headers, body } = args.request;
        if (context.commandName === 'DeleteObjectsCommand' && typeof body === 'string') {
          // Servers older than 2025 want this one; it is accepted everywhere.
          headers['content-md5'] = createHash('md5').update(body).digest('base64');
        }
        if (context.commandName === 'GetObjectCommand' || context.commandName === 'HeadObjectCommand') {
          // Asked for so, the client tells us the checksum without computing it, slowly, itself.
          headers['x-amz-checksum-mode'] = 'ENABLED';
        }
      }
      return next(args);
    },
    { step: 'build', name: 'wattloopChecksums' },
  );
}
