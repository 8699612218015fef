import { z } from 'zod';
import { secondsOf } from '../../base/index.js';
import { LOAD_ARRIVALS, type LoadArrival } from './arrival-kinds.js';

const TIME = 'must be a time such as 50ms, 1.5s or 2m';

/** Seconds, from a number or a text with a unit. */
const time = z.union([z.number(), z.string()], { error: TIME }).transform((value, context) => {
  const seconds = typeof value === 'number' ? value : secondsOf(value);
  if (seconds !== undefined && seconds >= 0 && Number.isFinite(seconds)) return seconds;
  context.issues.push({ code: 'custom', message: TIME, input: value });
  return z.NEVER;
});
const length = time.refine((seconds) => seconds > 0, 'must be above 0');

const arrivals = Object.keys(LOAD_ARRIVALS) as [LoadArrival, ...LoadArrival[]];
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const call = {
  arrival: z.enum(arrivals).optional(),
  rate: z.number().positive().optional(),
  concurrency: z.int().positive().optional(),
  think: time.optional(),
  method: z
    .string()
    .regex(/^[A-Za-z]+$/, 'must be an HTTP method')
    .optional(),
  headers: z
    .record(z.string().regex(/^[!#$%&'*+\-.^_`|~\w]+$/, 'must be the name of a header'), text)
    .optional(),
  body: z.string().optional(),
  body_file: z.string().optional(),
  json: z.unknown().optional(),
  timeout: length.optional(),
  async: z.boolean().optional(),
};

const functionSchema = z.strictObject({
  name: z.string().min(1),
  url: z.string().optional(),
  path: z.string().optional(),
  trace_function: z.string().min(1).optional(),
  ...call,
});

/** A plan as its file has it. */
export const planSchema = z.strictObject({
  gateway: z.string().optional(),
  duration: length.optional(),
  warm_up: time.optional(),
  seed: z.int().nonnegative().optional(),
  max_in_flight: z.int().positive().optional(),
  trace: z.string().optional(),
  speed: z.number().positive().optional(),
  skip: time.optional(),
  sample: z.number().positive().max(1).optional(),
  fail_if: z.union([z.string().transform((one) => [one]), z.array(z.string())]).optional(),
  ...call,
  functions: z.array(functionSchema).default([]),
});

type PlanDocument = z.output<typeof planSchema>;
export type CallDocument = Pick<PlanDocument, keyof typeof call>;

/** Names that a plan knows, at its top and of a function: for hints. */
export const PLAN_KEYS: readonly string[] = Object.keys(planSchema.shape);
export const FUNCTION_KEYS: readonly string[] = Object.keys(functionSchema.shape);
