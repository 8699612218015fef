import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../model/index.js';
import { forbiddenNetworks, refusedCallback } from './callback-address.js';

const { callback_refused } = settingsSchema.parse({}).gateway.async;
const forbidden = forbiddenNetworks(callback_refused);

describe('refusedCallback', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data/',
    // The same address in other forms.
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://169.254.43518/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://169.254.170.2/v2/credentials',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/latest/',
    'http://100.100.100.200/',
    'http://0.0.0.0:8080/',
    'http://[::]/',
    'http://239.1.2.3/',
  ])('refuses %s: it leads to a forbidden network', (address) => {
    expect(refusedCallback(address, forbidden)).toMatch(/to which no callback goes/);
  });

  it.each([
    ['file:///etc/passwd', /http:\/\/ or https:\/\//],
    ['ftp://example.com/', /http:\/\/ or https:\/\//],
    ['gopher://127.0.0.1:6379/_', /http:\/\/ or https:\/\//],
    ['/relative', /no address/],
    ['', /no address/],
    ['http://', /no address/],
    [`http://example.com/${'x'.repeat(3_000)}`, /longer than/],
  ])('refuses %s', (address, why) => {
    expect(refusedCallback(address, forbidden)).toMatch(why);
  });

  it.each([
    'http://127.0.0.1:8080/function/next',
    'https://example.com/hook?x=1',
    'http://user:secret@10.0.0.7/',
    'http://[2001:db8::1]:9000/',
    'http://[64:ff9b::10.0.0.1]/',
    'http://168.63.129.17/',
  ])('allows %s', (address) => {
    expect(refusedCallback(address, forbidden)).toBeUndefined();
  });
});
