import { z } from 'zod';
import { foreignMetrics } from './settings-foreign.js';
import { PLATFORMS, workerRule } from './worker-rule.js';

const seconds = z.number().positive();
const port = z.string().regex(/^.+:\d{1,5}$/, 'must be HOST:PORT');

/** The node agent: the machine's account, and that of functions which others serve on it. */
export const agentSettings = z
  .strictObject({
    listen: port.default('127.0.0.1:9412').describe('Address of the metrics endpoint'),
    interval_seconds: seconds.default(1).describe('Seconds between ticks of the node account'),
    cpu_states: z
      .boolean()
      .default(false)
      .describe('Show idle states, frequencies and throttling of every processor, from the kernel (eBPF)'),
    docker_socket: z
      .string()
      .optional()
      .describe('Where Docker answers for names of containers; docker.socket when not set'),
    kubelet_logs: z
      .string()
      .default('/var/log')
      .describe('Folder whose containers/ and pods/ the kubelet fills: their names name pods and containers'),
    max_workloads: z
      .number()
      .int()
      .min(10)
      .max(1_000_000)
      .default(2_000)
      .describe(
        'Workloads that are listed at most, ended ones included; the longest ended give way, then newcomers count for "others"',
      ),
    platforms: z
      .array(z.enum(['auto', ...PLATFORMS]))
      .default(['auto'])
      .describe(
        'Platforms whose workers are recognised; auto: all that have names of their own, which plain docker has not',
      ),
    rules: z
      .array(workerRule)
      .default([])
      .describe('Rules that recognise workers, before those of the platforms (docs/agent.md)'),
    account: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Keep the account of functions beside that of workloads'),
        update_seconds: seconds.default(60).describe("Seconds between updates of the functions' account"),
        keep: z
          .boolean()
          .default(false)
          .describe(
            'Keep footprints in the knowledge base of data_dir too, for as long as gateway.retention says',
          ),
      })
      .prefault({}),
    openfaas: foreignMetrics("OpenFaaS' gateway", 'http://127.0.0.1:8082/metrics'),
    openwhisk: z
      .strictObject({
        url: z.url().optional().describe("Address of OpenWhisk's API, for the times of activations"),
        auth_file: z
          .string()
          .optional()
          .describe('File with USER:PASSWORD of the namespace whose activations are read'),
        interval_seconds: seconds.default(5).describe('Seconds between questions for activations'),
        timeout_seconds: seconds.default(5).describe('Seconds to wait for an answer'),
      })
      .prefault({}),
    kubernetes: z
      .strictObject({
        labels: z
          .boolean()
          .default(true)
          .describe("Ask the cluster that the agent runs in for its pods' labels"),
        node: z
          .string()
          .optional()
          .describe("The node's name; NODE_NAME of the environment when not set, else all nodes are listed"),
      })
      .prefault({}),
    otlp: z
      .strictObject({
        endpoint: z.url().optional().describe('OpenTelemetry collector (OTLP over HTTP) to send metrics to'),
        headers: z
          .record(z.string(), z.string())
          .default({})
          .describe('Headers to send along, such as a token'),
        interval_seconds: seconds.default(15).describe('Seconds between exports'),
      })
      .prefault({}),
  })
  .prefault({});
