import { z } from 'zod';

/** Where a run's data lives. What is not given, such as credentials, is looked for where its provider's tools look. */
export const storageSettings = z
  .strictObject({
    backend: z.enum(['file', 's3', 'gcs', 'azure']).default('file').describe('What holds the objects'),
    prefix: z.string().default('').describe('What the keys of all objects begin with: "team/energy"'),
    file: z
      .strictObject({
        path: z.string().optional().describe('Folder of the objects; "storage" in data_dir when not set'),
        fsync: z
          .boolean()
          .optional()
          .describe(
            'Count an object as written only when the disk has it: safe against power cuts, and slow',
          ),
      })
      .prefault({}),
    s3: z
      .strictObject({
        bucket: z.string().optional().describe('Bucket; it must be there'),
        region: z.string().optional().describe('Region; as the AWS tools find it when not set'),
        endpoint: z
          .url()
          .optional()
          .describe('Address of a server that speaks S3, such as MinIO; AWS when not set'),
        path_style: z
          .boolean()
          .optional()
          .describe('Put the bucket into the path instead of the host name; true when an endpoint is set'),
        profile: z.string().optional().describe('Profile of the AWS configuration, SSO profiles included'),
        access_key_id: z.string().optional().describe('Access key; the usual AWS chain when not set'),
        secret_access_key: z.string().optional().describe('Secret of the access key'),
        session_token: z.string().optional().describe('Token of temporary credentials'),
      })
      .prefault({}),
    gcs: z
      .strictObject({
        bucket: z.string().optional().describe('Bucket; it must be there'),
        project: z.string().optional().describe('Project; as the Google tools find it when not set'),
        endpoint: z
          .url()
          .optional()
          .describe('Address of another server that speaks the same, such as an emulator'),
        credentials_file: z
          .string()
          .optional()
          .describe("Key file of a service account; the application's default credentials when not set"),
      })
      .prefault({}),
    azure: z
      .strictObject({
        container: z.string().optional().describe('Container; it must be there'),
        account: z.string().optional().describe('Storage account'),
        endpoint: z
          .url()
          .optional()
          .describe('Address of the blob service, if not the usual one of the account'),
        connection_string: z.string().optional().describe('Connection string, instead of account and key'),
        account_key: z.string().optional().describe('Key of the account; the Azure login when not set'),
        sas_token: z.string().optional().describe('Shared access signature, instead of a key'),
      })
      .prefault({}),
  })
  .prefault({});

export type StorageSettings = z.output<typeof storageSettings>;
