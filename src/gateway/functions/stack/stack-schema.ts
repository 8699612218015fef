import { z } from 'zod';

/** A key with nothing behind it says nothing. */
const orNothing = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' || value === null ? undefined : value), schema.optional());

const text = z.string({ error: 'must be text' });
const texts = z.array(text, { error: 'must be a list: "- one"' });
const map = z.record(z.string(), text, { error: 'must be a map: "key: value"' });
const truth = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');
const quantities = z.strictObject({ memory: orNothing(text), cpu: orNothing(text) }, mapError());
/** Of what only matters where images are built. */
const ignored = z.unknown().optional();

/** What is told where something else than a map stands; unknown keys are told by whoever knows the place. */
function mapError(): { error: (issue: { code?: string }) => string | undefined } {
  return { error: ({ code }) => (code === 'invalid_type' ? 'must be a map: "key: value"' : undefined) };
}

/** One function of a stack.yml, or what a function.yml holds. */
export const functionSchema = z.strictObject(
  {
    lang: orNothing(text),
    handler: orNothing(text),
    image: orNothing(text),
    fprocess: orNothing(text),
    environment: orNothing(map),
    environment_file: orNothing(texts),
    secrets: orNothing(texts),
    labels: orNothing(map),
    annotations: orNothing(map),
    limits: orNothing(quantities),
    requests: orNothing(quantities),
    constraints: orNothing(texts),
    readonly_root_filesystem: orNothing(truth),
    skip_build: orNothing(truth),
    namespace: orNothing(text),
    build_args: ignored,
    build_options: ignored,
    build_secrets: ignored,
    copy: ignored,
    extensions: ignored,
    platforms: ignored,
    publish: ignored,
    registry: ignored,
    tag: ignored,
    token_auth: ignored,
    name: ignored,
  },
  mapError(),
);
export type FunctionEntry = z.output<typeof functionSchema>;

const stackKeys = {
  version: orNothing(z.enum(['1.0', '1'], { error: 'must be "1.0"' })),
  provider: orNothing(
    z.strictObject(
      {
        name: orNothing(z.enum(['openfaas', 'faas', 'wattloop'], { error: 'must be "openfaas"' })),
        gateway: ignored,
        network: ignored,
        tlsInsecure: ignored,
      },
      mapError(),
    ),
  ),
  /** Functions are judged one by one, so that one that is wrong leaves the others alone. */
  functions: orNothing(z.record(z.string(), z.unknown(), { error: 'must be a map of functions by name' })),
  configuration: ignored,
};

/** The frame of a stack.yml. */
export const stackSchema = z.strictObject(stackKeys, mapError());
export const STACK_KEYS: readonly string[] = Object.keys(stackKeys);
