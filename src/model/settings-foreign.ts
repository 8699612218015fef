import { z } from 'zod';

const seconds = z.number().positive();

/** Where a program that speaks Prometheus is found: settings of Kepler, Scaphandre and OpenFaaS. */
export const foreignMetrics = (name: string, page: string) =>
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
