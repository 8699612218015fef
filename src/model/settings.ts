import { z } from 'zod';
import { SOURCE_NAMES } from './source-name.js';

const seconds = z.number().positive();
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
  carbon: z
    .strictObject({
      intensity_g_per_kwh: z
        .number()
        .nonnegative()
        .default(473)
        .describe(
          'Grams of CO2e per kWh of electricity; the default is the world mean of 2024 (Ember, Global Electricity Review 2025)',
        ),
    })
    .prefault({}),
  agent: z
    .strictObject({
      listen: port.default('127.0.0.1:9412').describe('Address of the metrics endpoint'),
      interval_seconds: seconds.default(1).describe('Seconds between ticks of the node account'),
    })
    .prefault({}),
});

export type Settings = z.output<typeof settingsSchema>;
