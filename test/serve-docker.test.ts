import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Docker, whyNoDocker } from './support/docker.js';
import { RunningGateway } from './support/gateway.js';

const missing = whyNoDocker();
const WAIT = { timeout: 20_000, interval: 50 };

const SERVER = {
  'www/hello': 'hello',
  'www/cgi-bin/token':
    "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'\nbusybox cat /var/openfaas/secrets/token\n",
};
const SERVE = ['/bin/busybox', 'httpd', '-f', '-p', '8080', '-h', '/www'];

describe.skipIf(missing)(`images served by the gateway${missing ? ` (${missing})` : ''}`, () => {
  let docker: Docker;
  let env: Record<string, string>;
  beforeAll(async () => {
    docker = await Docker.start();
    docker.image('wattloop-served', SERVER, SERVE);
    env = { WATTLOOP_DOCKER_SOCKET: docker.socket, WATTLOOP_DOCKER_NETWORK: docker.network() };
  });
  afterAll(() => docker?.stop());

  const containers = () => docker.list('{{.Label "com.wattloop.function"}}');

  it('answer calls with their secrets, and scale to zero', async () => {
    const gateway = await RunningGateway.start({ env });
    const secret = { name: 'token', value: 's3cret' };
    expect((await gateway.system('secrets', secret)).status).toBeLessThan(300);
    const image = {
      service: 'served',
      image: 'wattloop-served',
      secrets: ['token'],
      limits: { memory: '64Mi', cpu: '500m' },
      labels: { 'com.openfaas.scale.zero-duration': '1s', 'com.openfaas.scale.zero': 'true' },
    };
    const deployed = await gateway.system('functions', image);
    expect(`${deployed.status} ${await deployed.text()}`).toBe('202 ');
    const answer = await gateway.call('served/hello');
    expect([answer.status, await answer.text()]).toEqual([200, 'hello']);
    expect(await (await gateway.call('served/cgi-bin/token')).text()).toBe('s3cret');
    expect(containers()).toEqual(['served']);
    await expect.poll(containers, WAIT).toEqual([]);
    expect((await gateway.call('served/hello')).status).toBe(200);
    expect((await gateway.stop()).code).toBe(0);
    expect(containers()).toEqual([]);
  });

  it('are gone with the next gateway when theirs was killed', async () => {
    const first = await RunningGateway.start({ env });
    await first.system('functions', { service: 'served', image: 'wattloop-served' });
    expect((await first.call('served/hello')).status).toBe(200);
    await first.kill();
    const [left] = docker.list('{{.ID}}');
    expect(left).toBeDefined();
    const second = await RunningGateway.start({ env, folder: first.folder });
    await expect.poll(() => docker.list('{{.ID}}'), WAIT).not.toContain(left);
    expect(await (await second.call('served/hello')).text()).toBe('hello');
  });

  it('are refused with what would mend it where the engine does not have them', async () => {
    const gateway = await RunningGateway.start({ env });
    const answer = await gateway.system('functions', { service: 'absent', image: 'nobody/has-it:1' });
    const text = `${await answer.text()}${await (await gateway.call('absent')).text()}`;
    expect(text).toMatch(/no image "nobody\/has-it:1": docker pull it/);
  });
});
