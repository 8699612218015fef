import { describe, expect, it } from 'vitest';
import { s3Error } from './s3-error.js';

const explain = (name: string, status: number, message = name) =>
  s3Error(
    Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } }),
    { action: 'write', key: 'runs/1' },
    {
      place: 's3://data (http://minio:9000)',
      bucket: 'data',
      settings: { bucket: 'data', endpoint: 'http://minio:9000', secret_access_key: 'hush-hush' },
    },
  );

describe('s3Error', () => {
  it.each([
    ['SignatureDoesNotMatch', 403, 'permission_denied', /credentials are wrong/, /secret_access_key/],
    ['InvalidAccessKeyId', 403, 'permission_denied', /credentials are wrong/, /access_key_id/],
    ['ExpiredToken', 400, 'permission_denied', /have expired/, /aws sso login/],
    ['AccessDenied', 403, 'permission_denied', /no right/, /s3:PutObject|s3:GetObject/],
    ['RequestTimeTooSkewed', 403, 'permission_denied', /clock/, /clock/],
    ['PermanentRedirect', 301, 'storage_failed', /another region/, /storage.s3.region/],
    ['NoSuchBucket', 404, 'storage_failed', /no bucket "data"/, /storage.s3.bucket/],
    ['SlowDown', 503, 'storage_failed', /can't do it now \(status 503\)/, /later/],
    ['XMinioStorageFull', 507, 'storage_failed', /no room/, /Delete/],
    ['BadDigest', 400, 'storage_failed', /checksum/, /try again/],
    ['PreconditionFailed', 412, 'already_exists', /already/, /Delete/],
  ])('explains %s', (name, status, code, message, remedy) => {
    const error = explain(name, status);
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    });
    expect(error.message).toContain('"runs/1"');
    expect(error.message).toContain('s3://data (http://minio:9000)');
  });

  it('passes on what it does not know, without secrets', () => {
    const error = explain('Strange', 400, 'the secret hush-hush is odd');
    expect(error.line).toContain('the secret *** is odd');
    expect(String(error.cause)).not.toContain('hush-hush');
  });
});
