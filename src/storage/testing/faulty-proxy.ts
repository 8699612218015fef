import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { Transform } from 'node:stream';
import { type LocalServer, startLocalServer } from './http-server.js';

interface Fault {
  /** Only these requests; all when left out. */
  readonly on?: (method: string, url: string) => boolean;
  /** How many of them, from the first on. */
  readonly times: number;
  readonly kind:
    | 'busy' // is answered with 503, unseen by the server
    | 'cut answer' // breaks off in the middle of the answer's body
    | 'flip answer' // changes one bit in the middle of the answer's body
    | 'flip request'; // changes one bit in the middle of the request's body
}

export interface FaultyProxy extends LocalServer {
  /** Sets what goes wrong from now on; forgets what did. */
  fail(fault: Fault | undefined): void;
  /** How often the fault has happened. */
  readonly faults: () => number;
}

/** Stands between a client and a real server, and does to their traffic what networks do. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  let fault: Fault | undefined;
  let faults = 0;
  const kindFor = (incoming: IncomingMessage): Fault['kind'] | undefined => {
    if (fault === undefined || faults >= fault.times) return undefined;
    if (fault.on && !fault.on(incoming.method ?? '', incoming.url ?? '')) return undefined;
    faults++;
    return fault.kind;
  };
  const server = await startLocalServer((incoming, outgoing) => {
    const kind = kindFor(incoming);
    if (kind === 'busy') {
      incoming.resume();
      incoming.once('end', () => outgoing.writeHead(503, { 'content-type': 'text/plain' }).end('busy'));
    } else pass(target, incoming, outgoing, kind);
  });
  return {
    ...server,
    fail: (next) => {
      [fault, faults] = [next, 0];
    },
    faults: () => faults,
  };
}

/** Headers go as they are, the host too: it is signed. */
function pass(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  kind: Fault['kind'] | undefined,
): void {
  const { method, headers } = incoming;
  const forwarded = request(target + (incoming.url ?? ''), { method, headers }, (answer) => {
    const answerLength = Number(answer.headers['content-length'] ?? 0);
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    outgoing.flushHeaders();
    if (kind === 'cut answer') cut(answer, outgoing, Math.floor(answerLength / 2));
    else if (kind === 'flip answer') answer.pipe(flipper()).pipe(outgoing);
    else answer.pipe(outgoing);
  });
  forwarded.on('error', () => outgoing.destroy());
  outgoing.on('close', () => forwarded.destroy());
  if (kind === 'flip request') incoming.pipe(flipper()).pipe(forwarded);
  else incoming.pipe(forwarded);
}

function cut(answer: IncomingMessage, outgoing: ServerResponse, after: number): void {
  let left = after;
  answer.on('data', (chunk: Buffer) => {
    if (left < 0) return;
    const last = left < chunk.length;
    // What was written must have gone before the end comes.
    outgoing.write(chunk.subarray(0, left), () => last && outgoing.destroy());
    left -= last ? left + 1 : chunk.length;
  });
}

/** Changes a bit in the middle of the first piece that is more than headers of parts. */
function flipper(): Transform {
  let isDone = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const at = Math.floor(chunk.length / 2);
      const byte = chunk[at];
      if (!isDone && chunk.length > 2000 && byte !== undefined) {
        chunk[at] = byte ^ 1;
        isDone = true;
      }
      done(null, chunk);
    },
  });
}
