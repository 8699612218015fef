import { z } from 'zod';
import { DOMAINS } from './domain.js';
import { agentSettings } from './settings-agent.js';
import { carbonSettings } from './settings-carbon.js';
import { computeSettings, workflowSettings } from './settings-compute.js';
import { dockerSettings } from './settings-docker.js';
import { foreignMetrics } from './settings-foreign.js';
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
      kepler: foreignMetrics('Kepler', 'http://127.0.0.1:28282/metrics'),
      scaphandre: foreignMetrics('Scaphandre', 'http://127.0.0.1:8080/metrics'),
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
  agent: agentSettings,
});

export type Settings = z.output<typeof settingsSchema>;
