import { Command } from 'commander';
import { writeOutput } from '../../base/index.js';
import { explainWorkers, openPlatformMonitor, readRules, runAgent } from '../../gateway/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { duration } from '../duration.js';
import { interruptible } from '../interrupt.js';
import { methodList } from '../method-list.js';
import { toTerminal } from '../to-terminal.js';
import { packageVersion } from '../version.js';
import { workerTable } from '../worker-table.js';

interface AgentFlags extends GlobalOptions {
  readonly listen?: string;
  readonly interval?: number;
  readonly methods?: string;
  readonly otlp?: string;
  readonly cpuStates?: boolean;
  readonly platform?: readonly string[];
  readonly rules?: string;
  readonly explain?: boolean;
}

const collect = (name: string, names: readonly string[] = []): string[] => [...names, ...name.split(',')];

async function run(flags: AgentFlags): Promise<void> {
  const { host, settings, json } = createContext(flags, {
    'agent.listen': flags.listen,
    'agent.interval_seconds': flags.interval,
    'agent.otlp.endpoint': flags.otlp,
    'agent.cpu_states': flags.cpuStates,
    'agent.platforms': flags.platform,
    'agent.rules': flags.rules === undefined ? undefined : readRules(flags.rules),
    'meter.methods': methodList(flags.methods),
  });
  if (flags.explain) {
    const workers = await explainWorkers(host, settings);
    writeOutput(json ? `${JSON.stringify({ workers }, null, 2)}\n` : toTerminal(`${workerTable(workers)}\n`));
    return;
  }
  const { listen, interval_seconds, otlp, cpu_states } = settings.agent;
  const monitor = await openPlatformMonitor(host, settings);
  await interruptible((signal) =>
    runAgent(
      host,
      monitor,
      {
        listen,
        intervalSeconds: interval_seconds,
        version: packageVersion(),
        cpuStates: cpu_states,
        otlp: { endpoint: otlp.endpoint, headers: otlp.headers, intervalSeconds: otlp.interval_seconds },
        onListening: (url) => {
          if (json) process.stdout.write(`${JSON.stringify({ url, metrics: `${url}/metrics` })}\n`);
          else if (!flags.quiet) process.stderr.write(`wattloop agent: metrics at ${url}/metrics\n`);
        },
      },
      signal,
    ),
  );
}

const EXAMPLES = `
Examples:
  wattloop agent
  wattloop agent --listen 0.0.0.0:9412
  wattloop agent --otlp http://127.0.0.1:4318
  wattloop agent --platform openfaas --platform docker
  wattloop agent --explain                  whom this machine's workloads are taken for

It listens on loopback unless told otherwise. docs/metrics.md lists every metric. As a container it needs
the host's pid namespace, /sys and /proc; "wattloop doctor" says what it can read.`;

export function agentCommand(): Command {
  return new Command('agent')
    .description(
      "Keep this machine's energy account, by container, service and function, and show it as Prometheus metrics.",
    )
    .option('--listen <host:port>', 'address of /metrics and /healthz (default: 127.0.0.1:9412)')
    .option('--interval <time>', 'time between ticks of the account (default: 1s)', duration)
    .option('--methods <names>', 'only these sources of energy, separated by commas')
    .option('--cpu-states', 'show idle states, frequencies and throttling of every processor too (eBPF)')
    .option('--otlp <url>', 'send the metrics to this OpenTelemetry collector too (OTLP over HTTP)')
    .option(
      '--platform <name>',
      'recognise the workers of this platform: openfaas, openwhisk, knative, lithops, iluvatar, docker (default: auto, all but docker)',
      collect,
    )
    .option('--rules <file>', 'recognise workers by the rules in this file first (docs/agent.md)')
    .option('--explain', 'print what each workload is taken for, and by which rule, and end')
    .addHelpText('after', EXAMPLES)
    .action(run);
}
