import { z } from 'zod';
import type { InvocationTable, PowerTable, Trace, UsageTable } from '../../model/index.js';
import { describedMachine, descriptionDocument, descriptionSchema } from '../trace/description-file.js';

const figure = z.number().nullish();

/** What a Wattloop gateway answers to `footprints`, as far as a load uses it. */
export const footprintsSchema = z.object({
  from: z.number(),
  to: z.number(),
  functions: z.record(
    z.string(),
    z.object({
      invocations: z.number(),
      individual_joules: z.number(),
      total_joules: z.number(),
      operational_grams: figure,
    }),
  ),
});
export type GatewayFootprints = z.output<typeof footprintsSchema>;

const watts = z.number().nullable();

/** What it answers to `trace`: seconds since `start`, itself seconds since 1970. */
export const traceSchema = z.object({
  start: z.number(),
  power: z.array(z.tuple([z.number(), watts, watts])),
  usage: z.array(z.tuple([z.number(), z.string(), watts])).default([]),
  invocations: z.array(
    z.tuple([z.string(), z.number(), z.number().nullable(), z.union([z.literal(0), z.literal(1)])]),
  ),
  description: descriptionSchema.default({}),
});
export type GatewayTrace = z.output<typeof traceSchema>;

const column = <Row>(rows: readonly Row[], of: (row: Row) => number | null): Float64Array =>
  Float64Array.from(rows, (row) => of(row) ?? Number.NaN);

/** Names by number, in the order in which they come. */
function numbered(names: readonly string[]): { readonly all: string[]; readonly index: Uint32Array } {
  const numbers = new Map<string, number>();
  const index = Uint32Array.from(names, (name) => {
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  });
  return { all: [...numbers.keys()], index };
}

const known = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

/** A trace as such a document: what a gateway answers. `start` is where its times count from, in seconds since 1970. */
export function traceDocument(trace: Trace, start: number): GatewayTrace {
  const { power, invocations, usage, description } = trace;
  return {
    start,
    power: Array.from(power.t, (t, row) => [t, known(power.systemWatts[row]), known(power.cpuWatts[row])]),
    usage: Array.from(usage?.t ?? [], (t, row) => [
      t,
      usage?.principals[usage.principalIndex[row] ?? 0] ?? '',
      known(usage?.cpuSeconds[row]),
    ]),
    invocations: Array.from(invocations.start, (begin, row) => [
      invocations.functions[invocations.functionIndex[row] ?? 0] ?? '',
      begin,
      Number.isFinite(invocations.end[row]) ? known(invocations.end[row]) : null,
      invocations.cold?.[row] === 1 ? 1 : 0,
    ]),
    description: descriptionDocument(description),
  };
}

export function gatewayTrace({ power, usage, invocations, description }: GatewayTrace): Trace {
  return {
    power: powerTable(power),
    invocations: invocationTable(invocations),
    ...(usage.length > 0 && { usage: usageTable(usage) }),
    description: describedMachine(description),
  };
}

const powerTable = (rows: GatewayTrace['power']): PowerTable => ({
  t: column(rows, ([t]) => t),
  systemWatts: column(rows, ([, system]) => system),
  cpuWatts: column(rows, ([, , cpu]) => cpu),
});

function invocationTable(rows: GatewayTrace['invocations']): InvocationTable {
  const { all, index } = numbered(rows.map(([name]) => name));
  return {
    functions: all,
    functionIndex: index,
    start: column(rows, ([, start]) => start),
    end: column(rows, ([, , end]) => end ?? Number.POSITIVE_INFINITY),
    cold: Uint8Array.from(rows, ([, , , cold]) => cold),
  };
}

function usageTable(rows: GatewayTrace['usage']): UsageTable {
  const { all, index } = numbered(rows.map(([, name]) => name));
  const unknown = new Float64Array(rows.length).fill(Number.NaN);
  return {
    principals: all,
    principalIndex: index,
    t: column(rows, ([t]) => t),
    cpuSeconds: column(rows, ([, , cpuSeconds]) => cpuSeconds),
    cycles: unknown,
    instructions: unknown,
    llcMisses: unknown,
  };
}
