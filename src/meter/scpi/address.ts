import { ErrorCode, WattloopError } from '../../base/index.js';

export type Address =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'serial'; readonly path: string };

/** `tcp://HOST:PORT` (an IPv6 address in brackets) or `serial:/dev/…`. */
export function parseAddress(text: string): Address {
  const tcp = /^tcp:\/\/(?:\[([^\]]+)\]|([^:/[\]]+)):(\d{1,5})\/?$/.exec(text);
  const host = tcp?.[1] ?? tcp?.[2];
  const port = Number(tcp?.[3]);
  if (host !== undefined && port > 0 && port < 65_536) return { kind: 'tcp', host, port };
  const serial = /^serial:(\/.+)$/.exec(text);
  if (serial?.[1] !== undefined) return { kind: 'serial', path: serial[1] };
  throw new WattloopError(ErrorCode.badConfiguration, `sources.scpi: no address of a meter: "${text}"`, {
    remedy: 'Write tcp://HOST:PORT or serial:/dev/ttyUSB0',
  });
}
