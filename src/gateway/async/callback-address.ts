import { BlockList, isIP } from 'node:net';

/** Addresses to which no callback may go. */
export type Forbidden = (address: string) => boolean;

const version = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Networks as `169.254.0.0/16`. An IPv4 address is known in its IPv6 forms too. */
export function forbiddenNetworks(networks: readonly string[]): Forbidden {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), version(address));
  }
  return (address) => {
    const plain = address.replace(/%.*$/, '');
    if (list.check(plain, version(plain))) return true;
    const embedded = embeddedAddress(plain);
    return embedded !== undefined && list.check(embedded, 'ipv4');
  };
}

/** The IPv4 address within one that is translated (64:ff9b::/96) or tunnelled (2002::/16). */
function embeddedAddress(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  const groups = expanded(address);
  const translated = groups.slice(0, 6).join(':') === '64:ff9b:0:0:0:0';
  const [high, low] = translated
    ? groups.slice(6)
    : groups[0] === '2002'
      ? groups.slice(1, 3)
      : [undefined, undefined];
  if (high === undefined || low === undefined) return undefined;
  const bits = Number.parseInt(high, 16) * 0x1_00_00 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join('.');
}

/** The eight groups of an IPv6 address. */
function expanded(address: string): string[] {
  // The URL parser writes an IPv4 tail as groups, and each group without leading zeros.
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = text.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  if (tail === undefined) return groups(head);
  const gap = 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array<string>(gap).fill('0'), ...groups(tail)];
}

/** Why no callback goes to this address; undefined when it may. Names are looked up when the callback is made. */
export function refusedCallback(address: string, forbidden: Forbidden): string | undefined {
  if (address.length > 2_048) return 'X-Callback-Url is longer than 2048 characters';
  if (!URL.canParse(address)) return 'X-Callback-Url is no address: it must be as http://HOST/PATH';
  const { protocol, hostname } = new URL(address);
  if (protocol !== 'http:' && protocol !== 'https:')
    return `X-Callback-Url must begin with http:// or https://, not ${protocol}`;
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && forbidden(host))
    return `X-Callback-Url leads to ${host}, to which no callback goes (gateway.async.callback_refused)`;
  return undefined;
}
