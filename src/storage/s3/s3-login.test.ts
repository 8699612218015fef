import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WattloopError } from '../../base/index.js';
import type { ObjectStore } from '../object-store.js';
import { checkStorage } from '../open-storage.js';
import type { ChildServer } from '../testing/child-server.js';
import { type LocalServer, startLocalServer } from '../testing/http-server.js';
import { openWith } from '../testing/open-with.js';
import { S3RVER_KEYS, startS3rver } from '../testing/s3rver.js';

let server: ChildServer;
let portal: LocalServer;
let home: string;
const asked: string[] = [];

beforeAll(async () => {
  server = await startS3rver();
  // What the AWS client asks, with the token of a login, for keys of a role.
  portal = await startLocalServer((request, response) => {
    asked.push(`${request.url} ${request.headers['x-amz-sso_bearer_token']}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        roleCredentials: {
          accessKeyId: S3RVER_KEYS.access_key_id,
          secretAccessKey: S3RVER_KEYS.secret_access_key,
          sessionToken: 'session',
          expiration: Date.now() + 3_600_000,
        },
      }),
    );
  });
  home = mkdtempSync(join(tmpdir(), 'wattloop-aws-'));
  mkdirSync(join(home, '.aws/sso/cache'), { recursive: true });
});
afterAll(() => Promise.all([server?.kill(), portal?.close()]));

beforeEach(() => {
  // The client of AWS reads its files and variables itself.
  vi.stubEnv('HOME', home);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_ENDPOINT_URL_SSO', portal.endpoint);
});
afterEach(() => void vi.unstubAllEnvs());

let files = 0;
function configure(text: string): void {
  const path = join(home, `config-${files++}`);
  writeFileSync(path, text);
  vi.stubEnv('AWS_CONFIG_FILE', path);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(home, 'none'));
}

function login(session: string, expiresAt: Date): void {
  const name = createHash('sha1').update(session).digest('hex');
  writeFileSync(
    join(home, `.aws/sso/cache/${name}.json`),
    JSON.stringify({ accessToken: `token of ${session}`, expiresAt: expiresAt.toISOString() }),
  );
}

const ssoProfile = (session: string): string => `
[profile work]
sso_session = ${session}
sso_account_id = 111122223333
sso_role_name = developer
region = eu-west-1
[sso-session ${session}]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
`;

const open = (settings: object = {}): Promise<ObjectStore> =>
  openWith({ backend: 's3', s3: { bucket: 'data', endpoint: server.endpoint, ...settings } });

async function refusal(settings: object): Promise<WattloopError> {
  const store = await open(settings);
  const error: unknown = await checkStorage(store).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'WattloopError', code: 'permission_denied' });
  expect(inspect(error, { depth: 20 })).not.toContain('a-wrong-secret');
  await store.close();
  return error as WattloopError;
}

describe('logging in to S3', () => {
  it('takes keys of a profile', async () => {
    configure(`[profile keys]\naws_access_key_id = S3RVER\naws_secret_access_key = S3RVER\n`);
    const store = await open({ profile: 'keys' });
    await store.put('a', 'text');
    await store.close();
  });

  it('takes keys of a role by a single sign-on', async () => {
    configure(ssoProfile('alive'));
    login('alive', new Date(Date.now() + 3_600_000));
    const store = await open({ profile: 'work' });
    await store.put('a', 'text');
    expect(asked).toEqual([expect.stringMatching(/role_name=developer.* token of alive$/)]);
    await store.close();
  });

  it('says how to sign on again', async () => {
    configure(ssoProfile('over'));
    login('over', new Date(Date.now() - 1000));
    const error = await refusal({ profile: 'work' });
    expect(error.message).toContain('expired');
    expect(error.remedy).toContain('aws sso login --profile work');
  });

  it('says that there are no credentials', async () => {
    configure('');
    expect((await refusal({})).message).toContain('no credentials were found');
    expect((await refusal({ profile: 'nobody' })).message).toContain('"nobody"');
  });

  it('says that the key is wrong', async () => {
    const error = await refusal({ access_key_id: 'SOMEONE', secret_access_key: 'a-wrong-secret' });
    expect(error.message).toContain('the credentials are wrong');
    expect(error.message).toContain(server.endpoint);
    expect(error.remedy).toContain('storage.s3.access_key_id');
  });

  it('wants both key and secret, and a bucket', async () => {
    await expect(open({ access_key_id: 'S3RVER' })).rejects.toMatchObject({
      code: 'bad_configuration',
      message: expect.stringContaining('storage.s3.secret_access_key'),
    });
    await expect(open({ bucket: undefined })).rejects.toMatchObject({
      code: 'bad_configuration',
      message: expect.stringContaining('storage.s3.bucket'),
    });
  });
});
