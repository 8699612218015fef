const NAME = 0;
const DESTINATION = 1;
const GATEWAY = 2;
const MASK = 7;

/** The kernel writes addresses as the bytes lie in memory: the last part first, on the machines that engines run on. */
const fromKernel = (hex: string): number =>
  Number.parseInt(hex.match(/../g)?.reverse().join('') ?? '', 16) >>> 0;

function fromText(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(Number.isInteger(part) && part >= 0 && part <= 255)))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Whether an IPv4 address is on a network that this machine has a foot in, by the text of /proc/net/route. */
export function isOnLink(routes: string, address: string): boolean {
  const wanted = fromText(address);
  if (wanted === undefined) return false;
  return routes
    .split('\n')
    .slice(1)
    .some((line) => {
      const fields = line.trim().split(/\s+/);
      const mask = fromKernel(fields[MASK] ?? '');
      if (fields[NAME] === undefined || mask === 0 || fields[GATEWAY] !== '00000000') return false;
      return (wanted & mask) >>> 0 === fromKernel(fields[DESTINATION] ?? '');
    });
}
