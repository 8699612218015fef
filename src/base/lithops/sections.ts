/** Storage of Lithops' and the backend of ours that serves it. */
export const STORAGES: Readonly<Record<string, 'file' | 's3' | 'gcs' | 'azure'>> = {
  localhost: 'file',
  aws_s3: 's3',
  minio: 's3',
  ceph: 's3',
  ibm_cos: 's3',
  gcp_storage: 'gcs',
  azure_storage: 'azure',
  azure_blob: 'azure',
};

/** Compute backends of Lithops', as ours are called; the settings say which of them there are. */
export const BACKENDS: Readonly<Record<string, string>> = {
  localhost: 'local',
  aws_lambda: 'lambda',
  k8s: 'kubernetes',
  openwhisk: 'openwhisk',
};

/** Every section of a Lithops file. None of them is called as a section of ours. */
export const SECTIONS: ReadonlySet<string> = new Set([
  'lithops',
  'serverless',
  'standalone',
  ...Object.keys(STORAGES),
  ...Object.keys(BACKENDS),
  'aliyun',
  'aliyun_fc',
  'aliyun_oss',
  'aws',
  'aws_batch',
  'aws_ec2',
  'azure',
  'azure_containers',
  'azure_functions',
  'azure_vms',
  'code_engine',
  'gcp',
  'gcp_cloudrun',
  'gcp_compute_engine',
  'gcp_functions',
  'ibm',
  'ibm_cf',
  'ibm_vpc',
  'infinispan',
  'infinispan_hotrod',
  'knative',
  'oracle',
  'oracle_f',
  'oracle_oss',
  'rabbitmq',
  'redis',
  'singularity',
  'swift',
  'vm',
]);
