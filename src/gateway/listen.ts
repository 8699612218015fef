import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ErrorCode, systemCode, WattloopError } from '../base/index.js';

/** `host:port` taken apart; IPv6 addresses stand in brackets. */
export function parseAddress(listen: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d+)$/.exec(listen);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || !(port <= 65_535)) {
    throw new WattloopError(ErrorCode.badConfiguration, `"${listen}" is no address to listen on`, {
      remedy: 'Write HOST:PORT, such as 127.0.0.1:9412 or [::1]:9412',
    });
  }
  return { host, port };
}

/** Has a server listen on `host:port`; its address as a URL. Rejects with what would mend it. */
export async function listen(server: Server, address: string): Promise<string> {
  const { host, port } = parseAddress(address);
  await listening(server, host, port, address);
  const { family, address: at, port: given } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${at}]` : at}:${given}`;
}

function listening(server: Server, host: string, port: number, listen: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(whyNot(error, listen));
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function whyNot(error: Error, listen: string): WattloopError {
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new WattloopError(ErrorCode.addressInUse, `${listen} is in use by another program`, {
        remedy: 'Stop it, or choose another address with --listen HOST:PORT',
        cause: error,
      });
    case 'EACCES':
      return new WattloopError(ErrorCode.permissionDenied, `may not listen on ${listen}`, {
        remedy: 'Choose a port of 1024 or above with --listen HOST:PORT, or run as root',
        cause: error,
      });
    default:
      return new WattloopError(ErrorCode.badConfiguration, `cannot listen on ${listen}: ${error.message}`, {
        remedy: 'Choose an address of this machine with --listen HOST:PORT',
        cause: error,
      });
  }
}
