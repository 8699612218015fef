import { z } from 'zod';
import { DOMAINS } from './domain.js';
import { carbonSettings } from './settings-carbon.js';
import { computeSettings, workflowSettings } from './settings-compute.js';
import { dockerSettings } from './settings-docker.js';
import { gatewaySettings } from './settings-gateway.js';
import { ipmiSettings, redfishSettings, scpiSettings } from './settings-instruments.js';
import { storageSettings } from './settings-storage.js';
import { SOURCE_NAMES } from './source-name.js';

const seconds = z.number().positive();
const namedSensor = z
  .string()
  .regex(
    new RegExp(`^[^/]+/.+=(${DOMAINS.join('|')})$`),
    `must be DRIVER/SENSOR=DOMAIN, DOMAIN one of ${DOMAINS.join(', ')}`,
  );
/** Where a meter that speaks Prometheus is found: Kepler's and Scaphandre's settings. */
const foreignMeter = (name: string, page: string) =>
  z
    .strictObject({
      url: z.string().optional().describe(`Address of ${name}'s metrics page, usually ${page}`),
      prometheus: z
        .string()
        .optional()
        .describe(`Address of a Prometheus server that scrapes ${name}, instead of url`),
      instance: z
        .string()
        .optional()
        .describe(
          'Which node of those that Prometheus knows: its instance label, or a label matcher such as node_name="worker-1"',
        ),
      interval_seconds: seconds
        .optional()
        .describe('Seconds between polls; 1 for a metrics page and 5 for Prometheus when not set'),
      timeout_seconds: seconds.default(5).describe('Seconds to wait for an answer'),
    })
    .prefault({});
const port = z.string().regex(/^.+:\d{1,5}$/, 'must be HOST:PORT');

/** Every setting of Wattloop: in `wattloop.yaml`, as `WATTLOOP_…` in the environment, or as a flag. */
export const settingsSchema = z.strictObject({
  sysfs: z.string().default('/sys').describe('Root of the sysfs tree'),
  procfs: z.string().default('/proc').describe('Root of the procfs tree'),
  log_level: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('warn')
    .describe('Least severe line that is logged'),
  meter: z
    .strictObject({
      methods: z
        .array(z.enum(SOURCE_NAMES))
        .optional()
        .describe('The only sources to use; all that work when not set'),
      primary: z.array(z.enum(SOURCE_NAMES)).default([]).describe('Sources preferred as primary, best first'),
      interval_seconds: seconds.default(0.1).describe('Seconds between samples of sources that give power'),
      disagreement_warning: z
        .number()
        .positive()
        .default(0.15)
        .describe('Relative difference of two sources that is warned about'),
    })
    .prefault({}),
  sources: z
    .strictObject({
      // One key a source that has settings, in the order of SOURCE_NAMES.
      hwmon: z
        .strictObject({
          sensors: z
            .array(namedSensor)
            .default([])
            .describe(
              'What sensors measure that nothing else tells of, as DRIVER/LABEL=DOMAIN or DRIVER/powerN=DOMAIN: "ina226/power1=package"',
            ),
        })
        .prefault({}),
      nvidia: z
        .strictObject({
          library: z
            .string()
            .optional()
            .describe("The driver's management library; libnvidia-ml.so.1 in its usual places when not set"),
          smi: z
            .string()
            .default('nvidia-smi')
            .describe('The program that is asked for power where the library cannot be loaded'),
        })
        .prefault({}),
      ipmi: ipmiSettings,
      redfish: redfishSettings,
      scpi: scpiSettings,
      ebpf: z
        .strictObject({
          max_processes: z
            .number()
            .int()
            .min(16)
            .max(4_194_304)
            .default(16_384)
            .describe(
              'Processes that live at once and are told apart; about 150 bytes of kernel memory each',
            ),
          max_cgroups: z
            .number()
            .int()
            .min(16)
            .max(1_048_576)
            .default(4_096)
            .describe('Control groups that exist at once and are told apart'),
          interrupts: z
            .boolean()
            .default(true)
            .describe('Tell the time of interrupts apart from that of the processes that they interrupt'),
          cgroup_controller: z
            .enum([
              'unified',
              'cpuacct',
              'cpu',
              'memory',
              'pids',
              'blkio',
              'cpuset',
              'devices',
              'freezer',
              'perf_event',
            ])
            .optional()
            .describe('Hierarchy of control groups to account; chosen by what is mounted when not set'),
        })
        .prefault({}),
      kepler: foreignMeter('Kepler', 'http://127.0.0.1:28282/metrics'),
      scaphandre: foreignMeter('Scaphandre', 'http://127.0.0.1:8080/metrics'),
      tdp: z
        .strictObject({
          watts: z
            .number()
            .positive()
            .optional()
            .describe('Thermal design power of one processor package, instead of the table'),
          idle_watts: z
            .number()
            .nonnegative()
            .optional()
            .describe('What one processor package draws when idle; 12 % of the design power when not set'),
          cores: z
            .int()
            .positive()
            .optional()
            .describe(
              'Physical cores of one processor package: what a virtual machine holds a share of; from the table when not set',
            ),
        })
        .prefault({}),
    })
    .prefault({}),
  carbon: carbonSettings,
  data_dir: z
    .string()
    .default('.wattloop')
    .describe('Folder of what is learnt and kept: runs, results, profiles, logs'),
  storage: storageSettings,
  compute: computeSettings,
  docker: dockerSettings,
  workflow: workflowSettings,
  gateway: gatewaySettings,
  agent: z
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
        .describe(
          'Folder whose containers/ and pods/ the kubelet fills: their names name pods and containers',
        ),
      max_workloads: z
        .number()
        .int()
        .min(10)
        .max(1_000_000)
        .default(2_000)
        .describe(
          'Workloads that are listed at most, ended ones included; the longest ended give way, then newcomers count for "others"',
        ),
      otlp: z
        .strictObject({
          endpoint: z
            .url()
            .optional()
            .describe('OpenTelemetry collector (OTLP over HTTP) to send metrics to'),
          headers: z
            .record(z.string(), z.string())
            .default({})
            .describe('Headers to send along, such as a token'),
          interval_seconds: seconds.default(15).describe('Seconds between exports'),
        })
        .prefault({}),
    })
    .prefault({}),
});

export type Settings = z.output<typeof settingsSchema>;
