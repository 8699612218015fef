// 2,000 processes of about 2 ms each: how much of their CPU time does each method see, against what the kernel tells their
// parent when they have ended (getrusage)? Beside them: what sampling /proc once a second sees.
import { readdirSync, readFileSync } from 'node:fs';
import { createHost, createLogger } from 'wattloop/base';
import { allSources, childrenUsage, Meter, runOnce } from 'wattloop/meter';
import { settingsSchema } from 'wattloop/model';
import { publish } from './support/outcome.js';

const COUNT = Number(process.argv[2] ?? 2000);
const TICK = 100;

// A shell that starts shells, each of which counts for about 2 ms.
const DRIVER = `i=0; while [ $i -lt ${COUNT} ]; do /bin/sh -c 'j=0; while [ $j -lt 1200 ]; do j=$((j+1)); done'; i=$((i+1)); done`;

/** What a sampler sees that reads /proc once a second: the last figure of each process that it happened to meet. */
function sampleProc(rootPid: () => number | undefined): { stop(): number } {
  const seen = new Map<string, number>();
  const sample = (): void => {
    const root = rootPid();
    if (root === undefined) return;
    const parents = new Map<number, number>();
    const figures = new Map<number, { key: string; seconds: number }>();
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'latin1');
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
        parents.set(Number(name), Number(fields[1]));
        figures.set(Number(name), {
          key: `${name}:${fields[19]}`,
          seconds: (Number(fields[11]) + Number(fields[12])) / TICK,
        });
      } catch {
        // It ended while it was read.
      }
    }
    for (const [pid, { key, seconds }] of figures) {
      let ancestor: number | undefined = pid;
      while (ancestor !== undefined && ancestor !== root) ancestor = parents.get(ancestor);
      if (ancestor === root) seen.set(key, seconds);
    }
  };
  const timer = setInterval(sample, 1000);
  return {
    stop: () => {
      clearInterval(timer);
      return [...seen.values()].reduce((sum, seconds) => sum + seconds, 0);
    },
  };
}

const host = createHost({ log: createLogger('error') });
const meter = await Meter.open(host, allSources(host, settingsSchema.parse({})), {
  methods: ['ebpf', 'perf', 'cgroup', 'proc'],
});
try {
  const ebpf = meter.usageSources.find((source) => source.name === 'ebpf');
  const before = childrenUsage();
  let pid: number | undefined;
  const sampler = sampleProc(() => pid);
  let ended = 0;
  let invalid = 0;
  const drain = (): void => {
    for (const { usage } of ebpf?.processes?.() ?? []) {
      ended++;
      if (!(usage.cpuSeconds >= 0)) invalid++;
    }
  };
  const run = await runOnce(
    host,
    meter,
    ['/bin/sh', '-c', DRIVER],
    {
      intervalSeconds: 0.1,
      onStart: (launched) => {
        pid = launched.pid;
      },
    },
    childrenUsage,
  );
  drain();
  const sampled = sampler.stop();
  const truth = childrenUsage().cpuSeconds - before.cpuSeconds;
  const row = (method: string, seconds: number) => ({
    method,
    'CPU seconds': seconds.toFixed(3),
    'of getrusage': `${((seconds / truth) * 100).toFixed(2)} %`,
    lost: `${(truth - seconds).toFixed(3)} s`,
  });
  publish(
    'short-processes',
    `${COUNT} processes, ${((truth / COUNT) * 1e3).toFixed(2)} ms each, in ${run.wallSeconds.toFixed(1)} s; ${ended} entries of processes read from eBPF at the end, ${invalid} invalid`,
    [
      row('getrusage (truth)', truth),
      ...run.usages.map(({ source, usage }) => row(source, usage.cpuSeconds)),
      row('/proc sampled at 1 Hz', sampled),
    ],
  );
} finally {
  await meter.close();
}
