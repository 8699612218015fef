import { z } from 'zod';

const seconds = z.number().positive();

/** Where functions run and what they are given. */
export const computeSettings = z
  .strictObject({
    backend: z.enum(['local']).default('local').describe('Where functions run'),
    cpu: z.number().positive().default(1).describe('Processors of an invocation that asks for none'),
    memory_mib: z.number().positive().default(1_024).describe('Memory of an invocation that asks for none'),
    coupling: z
      .enum(['none', 'lambda'])
      .default('none')
      .describe('"lambda" derives processors from memory as AWS Lambda does: 1,769 MiB are one'),
    meter: z
      .boolean()
      .default(true)
      .describe('Meter every invocation: energy, and usage by several methods; times are told in any case'),
    local: z
      .strictObject({
        max_cpus: z
          .number()
          .positive()
          .optional()
          .describe('Processors that all workers together may be given; those of the machine when not set'),
        max_memory_mib: z
          .number()
          .positive()
          .optional()
          .describe('Memory that all workers together may be given; that of the machine when not set'),
        limits: z
          .enum(['auto', 'none'])
          .default('auto')
          .describe(
            'Keep every worker to its processors and memory, by control groups where there is the right',
          ),
        idle_seconds: seconds.default(60).describe('Seconds for which a worker without work is kept warm'),
        grace_seconds: seconds
          .default(2)
          .describe('Seconds that a cancelled invocation has to end by itself before its worker is killed'),
      })
      .prefault({}),
  })
  .prefault({});

export type ComputeSettings = z.output<typeof computeSettings>;

/** How workflows run, where a stage does not say otherwise. */
export const workflowSettings = z
  .strictObject({
    retries: z.int().nonnegative().default(2).describe('Times that a failed invocation is tried again'),
    backoff_seconds: z
      .number()
      .nonnegative()
      .default(0.2)
      .describe('Seconds before the first retry; twice that before the second, and so on, with some chance'),
    timeout_seconds: seconds
      .optional()
      .describe('Seconds that an invocation may take; without limit when not set'),
    speculation: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .describe('Run a second copy of an invocation that takes far longer than those beside it'),
        factor: z
          .number()
          .gt(1)
          .default(3)
          .describe('How many times the median of its stage an invocation must take to be a straggler'),
        minimum_seconds: seconds.default(5).describe('No invocation is a straggler before that'),
      })
      .prefault({}),
    log_limit_mib: z
      .number()
      .positive()
      .default(16)
      .describe('How much of what one invocation prints is kept'),
    price_table: z
      .string()
      .default('aws-lambda-x86')
      .describe(
        'Prices that invocations are valued at: aws-lambda-x86, aws-lambda-arm, gcp-functions-tier1 and others (docs/carbon.md); none leaves money out',
      ),
  })
  .prefault({});

export type WorkflowSettings = z.output<typeof workflowSettings>;
