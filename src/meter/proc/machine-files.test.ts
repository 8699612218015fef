import { describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import { fixtureHost } from '../testing/tree.js';
import {
  readCpuFrequencies,
  readLoadAverage,
  readMachineMemory,
  readNetworkDevices,
  readUptime,
} from './machine-files.js';

const NET_DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 1000 10 0 0 0 0 0 0 1000 10 0 0 0 0 0 0
  eth0: 2000 10 0 0 0 0 0 0 3000 10 0 0 0 0 0 0
wlan0:4000 10 0 0 0 0 0 0 5000 10 0 0 0 0 0 0
`;

describe('files about the machine', () => {
  it('are read', () => {
    const host = fixtureHost({
      'proc/loadavg': '0.52 1.05 2.00 3/1089 25443\n',
      'proc/meminfo': 'MemTotal:       16384 kB\nMemFree:         4096 kB\nMemAvailable:    8192 kB\n',
      'proc/net/dev': NET_DEV,
      'proc/uptime': '1944.36 3414.18\n',
    });
    expect(readLoadAverage(host)).toEqual({
      oneMinute: 0.52,
      fiveMinutes: 1.05,
      fifteenMinutes: 2,
      runnable: 3,
      tasks: 1089,
    });
    expect(readMachineMemory(host)).toEqual({ totalMib: 16, freeMib: 4, availableMib: 8 });
    expect(readNetworkDevices(host)).toEqual([
      { name: 'eth0', receivedBytes: 2000, sentBytes: 3000 },
      { name: 'wlan0', receivedBytes: 4000, sentBytes: 5000 },
    ]);
    expect(readUptime(host)).toBe(1944.36);
  });

  it('are absent rather than 0 when they are not there or hold something else', () => {
    for (const host of [
      fixtureHost({}),
      fixtureHost({ 'proc/loadavg': 'x', 'proc/meminfo': 'x', 'proc/net/dev': 'x', 'proc/uptime': 'x' }),
    ]) {
      expect(readLoadAverage(host)).toBeUndefined();
      expect(readMachineMemory(host)).toBeUndefined();
      expect(readNetworkDevices(host)).toEqual([]);
      expect(readUptime(host)).toBeUndefined();
      expect(readCpuFrequencies(host).size).toBe(0);
    }
  });

  it('are read on this machine', () => {
    const host = createHost({ log: silentLogger });
    expect(readLoadAverage(host)?.tasks).toBeGreaterThan(0);
    expect(readMachineMemory(host)?.totalMib).toBeGreaterThan(16);
    expect(readUptime(host)).toBeGreaterThan(0);
  });
});

describe('frequencies', () => {
  it('come from cpufreq where there is a driver, for the processors that have one', () => {
    const host = fixtureHost({
      'sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq': '1500000\n',
      'sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq': '<unknown>\n',
      'sys/devices/system/cpu/cpu12/cpufreq/scaling_cur_freq': '3200000\n',
      'sys/devices/system/cpu/cpufreq/boost': '1\n',
      'proc/cpuinfo': 'processor\t: 0\ncpu MHz\t\t: 999\n',
    });
    expect([...readCpuFrequencies(host)]).toEqual([
      [0, 1.5],
      [12, 3.2],
    ]);
  });

  it('come from cpuinfo in a virtual machine', () => {
    const host = fixtureHost({
      'proc/cpuinfo': 'processor\t: 0\ncpu MHz\t\t: 2500.000\n\nprocessor\t: 1\ncpu MHz\t\t: 2500.000\n\n',
    });
    expect([...readCpuFrequencies(host)]).toEqual([
      [0, 2.5],
      [1, 2.5],
    ]);
  });
});
