import { connect } from 'node:net';
import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import type { LoadTarget } from './load-plan.js';

const PATIENCE_MILLISECONDS = 5_000;
const HTTPS_PORT = 443;
const HTTP_PORT = 80;

/** Whether every server takes connections: a load against nobody would be a load of errors. */
export async function checkReachable(targets: readonly LoadTarget[]): Promise<void> {
  const servers = new Map(targets.map(({ url }) => [url.origin, url]));
  await Promise.all([...servers.values()].map(checkServer));
}

async function checkServer({ origin, protocol, hostname, port }: URL): Promise<void> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const usual = protocol === 'https:' ? HTTPS_PORT : HTTP_PORT;
  const socket = connect({ host, port: port === '' ? usual : Number(port) });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.setTimeout(PATIENCE_MILLISECONDS, () => reject(new Error('it does not answer')));
      socket.once('connect', resolve).once('error', reject);
    });
  } catch (error) {
    const why = error instanceof AggregateError ? messageOf(error.errors[0]) : messageOf(error);
    throw new WattloopError(ErrorCode.notFound, `could not connect to ${origin}: ${why}`, {
      remedy: 'Start the server, or mend its address',
      cause: error,
    });
  } finally {
    socket.destroy();
  }
}
