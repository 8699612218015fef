import { spacedIntegers } from '../proc/key-values.js';

/** The figures of cpu.stat; throttling is told only where a quota can be set. */
export interface CpuStat {
  readonly usageMicroseconds: bigint;
  readonly userMicroseconds: bigint | undefined;
  readonly systemMicroseconds: bigint | undefined;
  readonly throttledMicroseconds: bigint | undefined;
}

/** Reads the text of a version 2 group's cpu.stat. */
export function parseCpuStat(text: string): CpuStat | undefined {
  const values = spacedIntegers(text);
  const usage = values.get('usage_usec');
  if (usage === undefined) return undefined;
  return {
    usageMicroseconds: usage,
    userMicroseconds: values.get('user_usec'),
    systemMicroseconds: values.get('system_usec'),
    throttledMicroseconds: values.get('throttled_usec'),
  };
}

export interface BlockIo {
  readonly read: bigint;
  readonly written: bigint;
}

/**
 * Bytes read and written over all devices, from io.stat (`8:0 rbytes=1 wbytes=2 …`) or blkio.throttle.io_service_bytes
 * (`8:0 Read 1`). A device that `isStacked` on others (device mapper, RAID) shows the bytes that those show again.
 */
export function parseBlockIo(text: string, isStacked: (device: string) => boolean): BlockIo {
  let read = 0n;
  let written = 0n;
  for (const [, device = '', rest = ''] of text.matchAll(/^(\d+:\d+) (.+)$/gm)) {
    if (isStacked(device)) continue;
    const amount = (...patterns: RegExp[]): bigint =>
      BigInt(patterns.map((pattern) => pattern.exec(rest)?.[1]).find((digits) => digits !== undefined) ?? 0);
    read += amount(/\brbytes=(\d+)/, /^Read (\d+)$/);
    written += amount(/\bwbytes=(\d+)/, /^Write (\d+)$/);
  }
  return { read, written };
}
