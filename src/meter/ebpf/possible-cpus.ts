import { type Host, readTextIfAny } from '../../base/index.js';

/** Numbers in a kernel list such as `0-3,8`. */
function inList(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    return Number.isInteger(first) && Number.isInteger(last)
      ? Array.from({ length: last - first + 1 }, (_, index) => first + index)
      : [];
  });
}

export const onlineCpus = (host: Host): number[] =>
  inList(readTextIfAny(host.sys('devices/system/cpu/online')) ?? '');

/** As many records as processors may ever have numbers, whether they are there now or plugged in later. */
export function cpuRecords(host: Host): number {
  const possible = inList(readTextIfAny(host.sys('devices/system/cpu/possible')) ?? '');
  return Math.max(0, ...possible, ...onlineCpus(host)) + 1;
}
