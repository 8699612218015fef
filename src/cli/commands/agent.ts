import { Command } from 'commander';
import { runAgent } from '../../gateway/index.js';
import { openMonitor } from '../../meter/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { duration } from '../duration.js';
import { interruptible } from '../interrupt.js';
import { methodList } from '../method-list.js';
import { packageVersion } from '../version.js';

interface AgentFlags extends GlobalOptions {
  readonly listen?: string;
  readonly interval?: number;
  readonly methods?: string;
  readonly otlp?: string;
  readonly cpuStates?: boolean;
}

async function run(flags: AgentFlags): Promise<void> {
  const { host, settings, json } = createContext(flags, {
    'agent.listen': flags.listen,
    'agent.interval_seconds': flags.interval,
    'agent.otlp.endpoint': flags.otlp,
    'agent.cpu_states': flags.cpuStates,
    'meter.methods': methodList(flags.methods),
  });
  const { listen, interval_seconds, otlp, cpu_states } = settings.agent;
  const monitor = await openMonitor(host, settings, 'container');
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

It listens on loopback unless told otherwise. docs/metrics.md lists every metric. As a container it needs
the host's pid namespace, /sys and /proc; "wattloop doctor" says what it can read.`;

export function agentCommand(): Command {
  return new Command('agent')
    .description(
      "Keep this machine's energy account, by container and service, and show it as Prometheus metrics.",
    )
    .option('--listen <host:port>', 'address of /metrics and /healthz (default: 127.0.0.1:9412)')
    .option('--interval <time>', 'time between ticks of the account (default: 1s)', duration)
    .option('--methods <names>', 'only these sources of energy, separated by commas')
    .option('--cpu-states', 'show idle states, frequencies and throttling of every processor too (eBPF)')
    .option('--otlp <url>', 'send the metrics to this OpenTelemetry collector too (OTLP over HTTP)')
    .addHelpText('after', EXAMPLES)
    .action(run);
}
