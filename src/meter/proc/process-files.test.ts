import { describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import {
  parseProcessIo,
  parseProportionalMib,
  parseStatusMemory,
  readProportionalMib,
} from './process-files.js';

const STATUS = `Name:\tpostgres
Umask:\t0077
State:\tS (sleeping)
Groups:\t 
VmPeak:\t  223456 kB
VmHWM:\t   20480 kB
VmRSS:\t   10240 kB
RssAnon:\t    4096 kB
RssFile:\t    2048 kB
RssShmem:\t    4096 kB
Threads:\t1
`;

describe('status', () => {
  it('tells resident, shared and peak memory', () => {
    expect(parseStatusMemory(STATUS)).toEqual({ residentMib: 10, sharedMib: 6, peakMib: 20 });
  });

  it('tells none for a kernel thread, and knows nothing shared on kernels before 4.5', () => {
    expect(parseStatusMemory('Name:\tkworker/0:1\nThreads:\t1\n')).toBeUndefined();
    expect(parseStatusMemory('Name:\tx\nVmRSS:\t1024 kB\n')).toEqual({
      residentMib: 1,
      sharedMib: 0,
      peakMib: 1,
    });
  });

  it('does not believe a name that looks like a line', () => {
    expect(parseStatusMemory('Name:\tVmRSS: 99 kB\nVmRSS:\t1024 kB\n')).toMatchObject({ residentMib: 1 });
  });
});

describe('io', () => {
  const io = (more: string): string => `rchar: 999\nwchar: 888\nsyscr: 1\nsyscw: 1\n${more}`;

  it('tells what reached storage, less what was taken back before', () => {
    const text = io('read_bytes: 4096\nwrite_bytes: 12288\ncancelled_write_bytes: 4096\n');
    expect(parseProcessIo(text)).toEqual({ readBytes: 4096, writtenBytes: 8192 });
    expect(parseProcessIo(io('read_bytes: 0\nwrite_bytes: 5\ncancelled_write_bytes: 9\n'))).toMatchObject({
      writtenBytes: 0,
    });
  });

  it.each(['', 'garbage', io(''), io('read_bytes: x\nwrite_bytes: 1\n')])(
    'is nothing when it says %j',
    (text) => {
      expect(parseProcessIo(text)).toBeUndefined();
    },
  );
});

describe('smaps_rollup', () => {
  it('tells the proportional size', () => {
    const text =
      '55e6-7ffe ---p 00000000 00:00 0   [rollup]\nRss:   1752 kB\nPss:    512 kB\nPss_Dirty:  116 kB\n';
    expect(parseProportionalMib(text)).toBe(0.5);
    expect(parseProportionalMib('')).toBeUndefined();
  });

  it('is read of this process, and is absent for one that is not there', () => {
    const host = createHost({ log: silentLogger });
    expect(readProportionalMib(host, process.pid)).toBeGreaterThan(1);
    expect(readProportionalMib(host, 2 ** 22 + 1)).toBeUndefined();
  });
});
