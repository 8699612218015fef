import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLithops, lithopsSettings, loadConfig } from '../base/index.js';
import type { WattloopError } from '../errors/index.js';
import { type Settings, settingsSchema } from './index.js';

function load(
  text: string,
  env: Record<string, string> = {},
): { settings: Settings; ignored: readonly string[] } {
  const file = join(mkdtempSync(join(tmpdir(), 'wattloop-lithops-')), 'lithops.yaml');
  writeFileSync(file, text);
  let ignored: readonly string[] = [];
  const settings = loadConfig(settingsSchema, {
    file,
    env,
    translate: (tree, place) => {
      if (!isLithops(tree)) return undefined;
      const translated = lithopsSettings(tree, place);
      ignored = translated.ignored;
      return translated;
    },
  });
  return { settings, ignored };
}

function refusal(text: string): string {
  try {
    load(text);
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad_configuration' });
    return (error as WattloopError).line;
  }
  throw new Error('it was accepted');
}

describe('settings of Lithops', () => {
  it('are told from ours by the names of their sections', () => {
    expect(isLithops({ lithops: undefined })).toBe(true);
    expect(isLithops({ minio: {} })).toBe(true);
    expect(isLithops({ storage: { backend: 'file' }, workflow: {} })).toBe(false);
  });

  it('mean the local backend and the file store where both are localhost', () => {
    const { settings, ignored } = load(`
lithops:
  backend: localhost
  storage: localhost
  execution_timeout: 600
  log_level: WARNING
localhost:
  worker_processes: 3
`);
    expect(settings.compute).toMatchObject({ backend: 'local', local: { max_cpus: 3 } });
    expect(settings.storage.backend).toBe('file');
    expect(settings.workflow.timeout_seconds).toBe(600);
    expect(settings.log_level).toBe('warn');
    expect(ignored).toEqual([]);
  });

  it('mean S3 with an endpoint where they say MinIO', () => {
    const { settings } = load(`
lithops: { backend: localhost, storage: minio, storage_bucket: shared }
minio:
  storage_bucket: own
  endpoint: http://127.0.0.1:9000
  access_key_id: key
  secret_access_key: secret
`);
    expect(settings.storage).toMatchObject({
      backend: 's3',
      s3: {
        bucket: 'own',
        endpoint: 'http://127.0.0.1:9000',
        access_key_id: 'key',
        secret_access_key: 'secret',
      },
    });
  });

  it('mean S3 with the account of the section aws, outweighed by aws_s3', () => {
    const { settings, ignored } = load(`
lithops: { storage: aws_s3, storage_bucket: data }
aws: { region: eu-west-1, config_profile: sso, session_token: t, account_id: 1 }
aws_s3: { region_name: us-east-1 }
`);
    expect(settings.storage).toMatchObject({
      backend: 's3',
      s3: { bucket: 'data', region: 'us-east-1', profile: 'sso', session_token: 't' },
    });
    expect(ignored).toEqual(['aws.account_id']);
  });

  it('mean Google Cloud Storage and Azure Blob under their names', () => {
    const google = load(`
lithops: { storage: gcp_storage }
gcp: { credentials_path: /keys/a.json, project_name: p, region: us-east1 }
gcp_storage: { storage_bucket: b }
`);
    expect(google.settings.storage).toMatchObject({
      backend: 'gcs',
      gcs: { bucket: 'b', project: 'p', credentials_file: '/keys/a.json' },
    });
    expect(google.ignored).toEqual(['gcp.region']);
    const azure = load(`
lithops: { storage: azure_storage }
azure_storage: { storage_account_name: a, storage_account_key: k, storage_bucket: c }
`);
    expect(azure.settings.storage).toMatchObject({
      backend: 'azure',
      azure: { account: 'a', account_key: 'k', container: 'c' },
    });
  });

  it('find the address of a region of IBM', () => {
    const { settings } = load(
      'lithops: { storage: ibm_cos }\nibm_cos: { region: eu-de, access_key: a, secret_key: s }\n',
    );
    expect(settings.storage.s3.endpoint).toBe('https://s3.eu-de.cloud-object-storage.appdomain.cloud');
    expect(settings.storage.s3).toMatchObject({ access_key_id: 'a', secret_access_key: 's' });
  });

  it('tell what has no meaning here, a whole section by its name', () => {
    const { ignored } = load(`
lithops: { backend: localhost, monitoring: rabbitmq, data_limit: 4 }
rabbitmq: { amqp_url: "amqp://x" }
aws_lambda: { execution_role: r }
k8s:
`);
    expect(ignored).toEqual(['lithops.monitoring', 'lithops.data_limit', 'rabbitmq', 'aws_lambda']);
  });

  it('may have sections of ours among them, which outweigh', () => {
    const { settings } = load(`
lithops: { storage: minio, storage_bucket: b }
minio: { endpoint: "http://a:1", access_key_id: k }
storage: { s3: { access_key_id: other } }
carbon: { region: DE }
`);
    expect(settings.storage.s3).toMatchObject({
      endpoint: 'http://a:1',
      access_key_id: 'other',
      bucket: 'b',
    });
    expect(settings.carbon.region).toBe('DE');
  });

  it('say which backend is not there yet, and how to run here', () => {
    const text =
      'lithops:\n  backend: aws_lambda\naws_lambda: { runtime_memory: 512, runtime_timeout: 180 }\n';
    const line = refusal(text);
    expect(line).toMatch(
      /lithops\.yaml, line 2: lithops\.backend: functions can't be run on "aws_lambda" yet/,
    );
    expect(line).toContain('Set lithops.backend to localhost');
    const { settings } = load(text, { WATTLOOP_COMPUTE_BACKEND: 'local' });
    expect(settings.compute).toMatchObject({ backend: 'local', memory_mib: 512 });
    expect(settings.workflow.timeout_seconds).toBe(180);
  });

  it('take the backend of the mode, and the shorter of two timeouts', () => {
    expect(refusal('lithops:\n  mode: serverless\nserverless: { backend: k8s }\n')).toContain(
      'line 2: lithops.mode: functions can\'t be run on "k8s"',
    );
    expect(load('lithops: { mode: localhost }\n').settings.compute.backend).toBe('local');
    const both = (run: number, platform: number) =>
      load(
        `lithops: { backend: localhost, execution_timeout: ${run} }\nlocalhost: { runtime_timeout: ${platform} }\n`,
      ).settings.workflow.timeout_seconds;
    expect([both(10, 20), both(20, 10)]).toEqual([10, 10]);
  });

  it.each([
    ['lithops: { storage: redis }', 'line 1: lithops.storage: "redis" is no storage that Wattloop can use'],
    ['lithops:\n  storage: minio\nminio:\n  endpoint: nonsense', 'line 4: minio.endpoint: '],
    ['lithops:\n  execution_timeout: soon', 'line 2: lithops.execution_timeout: '],
    ['lithops:\n  log_level: loud', 'line 2: lithops.log_level: "loud" is none of'],
    ['lithops: {}\ncarbn: {}', 'line 2: unknown setting "carbn" (did you mean "carbon"?)'],
    ['lithops: 3', 'lithops.yaml, line 1: lithops holds no settings'],
  ])('name the key and the line of what is wrong: %j', (text, message) => {
    expect(refusal(text)).toContain(message);
  });
});
