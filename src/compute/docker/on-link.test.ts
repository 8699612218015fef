import { describe, expect, it } from 'vitest';
import { isOnLink } from './on-link.js';

const ROUTES = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
tun0\t0000640A\t010200C0\t0003\t0\t0\t0\t0000FFFF\t0\t0\t0
br-1\t000014AC\t00000000\t0001\t0\t0\t0\t00F0FFFF\t0\t0\t0
`;

describe('a network that this machine has a foot in', () => {
  it.each([
    ['172.17.0.1', true, 'the bridge of the engine'],
    ['172.17.255.9', true, 'anything on it'],
    ['172.18.0.1', false, 'another network'],
    ['172.20.15.1', true, 'one whose mask ends within a byte'],
    ['172.20.16.1', false, 'one behind its end'],
    ['10.100.0.1', false, 'one behind a router'],
    ['8.8.8.8', false, 'where only the default route leads'],
    ['fd00::1', false, 'no IPv4 address'],
    ['', false, 'nothing'],
  ])('%s: %s (%s)', (address, expected) => {
    expect(isOnLink(ROUTES, address)).toBe(expected);
  });

  it('is none where routes can’t be read', () => {
    expect(isOnLink('', '172.17.0.1')).toBe(false);
  });
});
