import { STORAGES } from './sections.js';
import type { Translation } from './translation.js';

const bucketOf = (from: Translation, section: string, setting: readonly string[]): void => {
  from.take('lithops', 'storage_bucket', setting);
  from.take(section, 'storage_bucket', setting);
};

/** The keys of a service that speaks S3, older names first. */
function s3Keys(from: Translation, section: string): void {
  const s3 = (name: string): readonly string[] => ['storage', 's3', name];
  from.take(section, 'endpoint', s3('endpoint'));
  from.take(section, 'region_name', s3('region'));
  from.take(section, 'region', s3('region'));
  from.take(section, 'config_profile', s3('profile'));
  from.take(section, 'access_key', s3('access_key_id'));
  from.take(section, 'access_key_id', s3('access_key_id'));
  from.take(section, 'secret_key', s3('secret_access_key'));
  from.take(section, 'secret_access_key', s3('secret_access_key'));
  from.take(section, 'session_token', s3('session_token'));
}

/** IBM names a region where others name an address. */
function ibmEndpoint(from: Translation): void {
  const toAddress = (region: unknown): string =>
    `https://s3.${String(region)}.cloud-object-storage.appdomain.cloud`;
  const endpoint = ['storage', 's3', 'endpoint'];
  if (from.section('ibm_cos').endpoint !== undefined) return;
  from.take('ibm', 'region', endpoint, toAddress);
  from.take('ibm_cos', 'region', endpoint, toAddress);
}

const TRANSLATIONS: Readonly<Record<string, (from: Translation) => void>> = {
  localhost: () => {},
  aws_s3: (from) => {
    s3Keys(from, 'aws');
    s3Keys(from, 'aws_s3');
    bucketOf(from, 'aws_s3', ['storage', 's3', 'bucket']);
  },
  minio: (from) => {
    s3Keys(from, 'minio');
    bucketOf(from, 'minio', ['storage', 's3', 'bucket']);
  },
  ceph: (from) => {
    s3Keys(from, 'ceph');
    bucketOf(from, 'ceph', ['storage', 's3', 'bucket']);
  },
  ibm_cos: (from) => {
    s3Keys(from, 'ibm_cos');
    ibmEndpoint(from);
    bucketOf(from, 'ibm_cos', ['storage', 's3', 'bucket']);
  },
  gcp_storage: (from) => {
    for (const section of ['gcp', 'gcp_storage']) {
      from.take(section, 'project_name', ['storage', 'gcs', 'project']);
      from.take(section, 'credentials_path', ['storage', 'gcs', 'credentials_file']);
    }
    bucketOf(from, 'gcp_storage', ['storage', 'gcs', 'bucket']);
  },
  ...Object.fromEntries(['azure_storage', 'azure_blob'].map((section) => [section, azure(section)])),
};

function azure(section: string): (from: Translation) => void {
  return (from) => {
    from.take(section, 'storage_account_name', ['storage', 'azure', 'account']);
    from.take(section, 'storage_account', ['storage', 'azure', 'account']);
    from.take(section, 'storage_account_key', ['storage', 'azure', 'account_key']);
    from.take(section, 'blob_service_url', ['storage', 'azure', 'endpoint']);
    bucketOf(from, section, ['storage', 'azure', 'container']);
  };
}

/** Where data lives. */
export function translateStorage(from: Translation): void {
  const storage = from.get('lithops', 'storage');
  if (storage === undefined) return;
  const name = String(storage);
  const backend = Object.hasOwn(STORAGES, name) ? STORAGES[name] : undefined;
  from.put(['storage', 'backend'], backend ?? name, {
    path: ['lithops', 'storage'],
    problem: `"${name}" is no storage that Wattloop can use`,
    remedy: `Use one of ${Object.keys(STORAGES).join(', ')}`,
  });
  if (backend !== undefined) TRANSLATIONS[name]?.(from);
}
