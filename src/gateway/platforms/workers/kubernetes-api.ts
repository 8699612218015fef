import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { type Host, readTextIfAny } from '../../../base/index.js';

/** Where Kubernetes puts what a pod needs to ask it: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const TIMEOUT_MILLISECONDS = 5_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export interface KubernetesAccess {
  readonly url: URL;
  /** Read at every question: tokens are changed while pods run. */
  readonly tokenFile: string;
  readonly ca: string | undefined;
}

/** The cluster that this process runs in as a pod; undefined where it does not. */
export function clusterAround(host: Host, account = ACCOUNT): KubernetesAccess | undefined {
  const { KUBERNETES_SERVICE_HOST: name, KUBERNETES_SERVICE_PORT: port = '443' } = host.env;
  if (!name) return undefined;
  const shown = name.includes(':') ? `[${name}]` : name;
  return {
    url: new URL(`https://${shown}:${port}`),
    tokenFile: `${account}/token`,
    ca: readTextIfAny(`${account}/ca.crt`),
  };
}

/** The JSON at a path of the API. */
export function askKubernetes({ url, tokenFile, ca }: KubernetesAccess, path: string): Promise<unknown> {
  const token = readTextIfAny(tokenFile);
  const headers = {
    accept: 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token.trim()}` }),
  };
  const options = { headers, timeout: TIMEOUT_MILLISECONDS, agent: false, ...(ca !== undefined && { ca }) };
  const request = url.protocol === 'https:' ? requestSecure : requestPlain;
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, url), options, (answer) => {
      const chunks: Buffer[] = [];
      let length = 0;
      answer.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > MAX_ANSWER_BYTES) answer.destroy(new Error('the answer is too long'));
        else chunks.push(chunk);
      });
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (answer.statusCode !== 200) return reject(new Error(`status ${answer.statusCode}`));
        try {
          resolve(JSON.parse(text));
        } catch (error) {
          reject(error);
        }
      });
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer in 5 s')));
    asked.on('error', reject);
    asked.end();
  });
}
