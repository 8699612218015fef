import { afterAll, beforeAll, describe } from 'vitest';
import type { ObjectStore } from '../object-store.js';
import type { ChildServer } from '../testing/child-server.js';
import { itSurvivesDeath } from '../testing/death-contract.js';
import { describeNetwork } from '../testing/network-contract.js';
import { openWith } from '../testing/open-with.js';
import { S3RVER_KEYS, startS3rver } from '../testing/s3rver.js';
import { describeStore } from '../testing/store-contract.js';

let server: ChildServer;
beforeAll(async () => {
  server = await startS3rver();
});
afterAll(() => server?.kill());

const open = (endpoint: string, settings: object = {}): Promise<ObjectStore> =>
  openWith({ backend: 's3', s3: { bucket: 'data', endpoint, ...S3RVER_KEYS, ...settings } });

describe('over s3rver', () => {
  describeStore('S3 as it was in 2020', () => open(server.endpoint), {
    hangsOnRangesOfNothing: true,
    mixesRacingWrites: true,
  });
  describeNetwork('S3 as it was in 2020', {
    server: () => server.endpoint,
    open,
    noBucket: { bucket: 'nowhere' },
    bucketSetting: 'storage.s3.bucket',
    endpointSetting: 'storage.s3.endpoint',
    secret: S3RVER_KEYS.secret_access_key,
  });
  itSurvivesDeath({ start: startS3rver, open });
});
