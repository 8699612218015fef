import { type Host, readTextIfAny } from '../../base/index.js';

/** Processors as the kernel lists them: `0`, `0,24`, `0-3,8-11`. Undefined when the text is anything else. */
export function parseCpuList(text: string): number[] | undefined {
  const cpus: number[] = [];
  if (text.trim() === '') return cpus;
  for (const part of text.trim().split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!range) return undefined;
    const first = Number(range[1]);
    const last = Number(range[2] ?? range[1]);
    if (last < first || last - first > 65_535) return undefined;
    for (let cpu = first; cpu <= last; cpu++) cpus.push(cpu);
  }
  return cpus;
}

/** The processors that are switched on; none when sysfs doesn't say. */
export function onlineCpus(host: Host): number[] {
  return parseCpuList(readTextIfAny(host.sys('devices/system/cpu/online')) ?? '') ?? [];
}
