import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { FunctionSpec, GatewaySettings } from '../../../model/index.js';
import { insideOf } from '../folder/inside.js';
import { checkNamespace } from '../openfaas/namespace.js';
import { Misdescribed } from '../spec/misdescribed.js';
import { specOf } from '../spec/spec-of.js';
import { codeOfEntry, type EntryCode, withPlace } from './code-of-entry.js';
import { schemaProblem } from './schema-problem.js';
import { type FunctionEntry, functionSchema } from './stack-schema.js';
import { YamlText } from './yaml-text.js';

/** What an entry is judged by besides itself. */
export interface EntryContext {
  readonly name: string;
  /** Paths of the entry are seen from here, and may not lead out of it. */
  readonly folder: string;
  readonly defaults: GatewaySettings['defaults'];
  /** What it does its work with where it doesn't say. */
  readonly otherwise: () => EntryCode | undefined;
}

export interface EntrySpec {
  readonly spec: FunctionSpec;
  readonly uses: readonly string[];
}

/** What one function of a stack.yml, or a function.yml, describes. Throws a Misdescribed, by the key. */
export function entrySpec(value: unknown, context: EntryContext): EntrySpec {
  const { name, folder, defaults } = context;
  const result = functionSchema.safeParse(value ?? {});
  if (!result.success) throw schemaProblem(result.error, functionSchema);
  const entry = result.data;
  withPlace(['namespace'], () => checkNamespace(entry.namespace));
  const environment = environmentOf(entry, folder);
  const found = codeOfEntry(entry, environment, folder) ?? context.otherwise();
  if (found === undefined) {
    throw new Misdescribed(
      [],
      'has nothing that it could run',
      'Give a "handler", an "image" or an "fprocess"',
    );
  }
  const { code } = found;
  const isImage = code.kind === 'image' && entry.fprocess !== undefined;
  const spec = specOf(
    {
      name,
      code,
      folder: code.kind === 'process' ? found.folder : undefined,
      // A container's watchdog takes its command from the environment.
      environment: isImage ? { fprocess: entry.fprocess ?? '', ...environment } : environment,
      secrets: entry.secrets,
      labels: entry.labels,
      annotations: entry.annotations,
      limits: entry.limits,
      requests: entry.requests,
      constraints: entry.constraints,
      readOnlyRootFilesystem: entry.readonly_root_filesystem,
    },
    defaults,
  );
  const files = (entry.environment_file ?? []).map((file) => insideOf(folder, file));
  return { spec, uses: [...files, ...(found.handler === undefined ? [] : [found.handler])] };
}

const fileSchema = z.object({ environment: z.record(z.string(), z.string()) });

/** Files of variables outweigh those of the description, as in OpenFaaS. */
function environmentOf(entry: FunctionEntry, folder: string): Record<string, string> | undefined {
  if (entry.environment_file === undefined) return entry.environment;
  const merged = { ...entry.environment };
  for (const [index, name] of entry.environment_file.entries()) {
    withPlace(['environment_file', String(index)], () => {
      const path = insideOf(folder, name);
      const yaml = YamlText.parse(path, readFileSync(path, 'utf8'));
      const result = fileSchema.safeParse(yaml.value());
      if (result.success) Object.assign(merged, result.data.environment);
      else throw yaml.refuse(result.error.issues[0]?.path ?? [], 'must be a map: "environment: …"');
    });
  }
  return merged;
}
