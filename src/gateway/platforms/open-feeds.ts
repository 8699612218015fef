import { ErrorCode, type Host, readTextIfAny, WattloopError } from '../../base/index.js';
import { DockerEngine } from '../../compute/index.js';
import { endpointReader, parseUrl, queryReader, type SampleReader } from '../../meter/index.js';
import type { Settings } from '../../model/index.js';
import { DockerFeed } from './feeds/docker-feed.js';
import type { InvocationFeed } from './feeds/feed.js';
import { OPENFAAS_METRICS, OpenFaasFeed } from './feeds/openfaas-feed.js';
import { OpenWhiskFeed } from './feeds/openwhisk-feed.js';
import type { OpenedObserver } from './open-observer.js';

/** Everything that may tell of calls, as the settings want it. */
export function openFeeds(
  host: Host,
  settings: Settings,
  { rules, expect }: OpenedObserver,
): InvocationFeed[] {
  const feeds: InvocationFeed[] = [
    new DockerFeed(host, {
      engine: new DockerEngine(settings.agent.docker_socket ?? settings.docker.socket),
      recognise: (facts) => rules.group(facts),
      onStart: expect,
    }),
  ];
  const reader = openFaasReader(host, settings);
  const { openfaas, openwhisk } = settings.agent;
  if (reader) feeds.push(new OpenFaasFeed(host, reader, openfaas.interval_seconds));
  if (openwhisk.url !== undefined) {
    feeds.push(
      new OpenWhiskFeed(host, {
        url: parseUrl(openwhisk.url, 'agent.openwhisk.url'),
        auth: authFrom(openwhisk.auth_file),
        intervalSeconds: openwhisk.interval_seconds,
        timeoutSeconds: openwhisk.timeout_seconds,
        fetch,
      }),
    );
  }
  return feeds;
}

function openFaasReader(host: Host, settings: Settings): SampleReader | undefined {
  const { url, prometheus, instance, timeout_seconds: timeoutSeconds } = settings.agent.openfaas;
  const options = { fetch, timeoutSeconds, who: 'openfaas', prefixes: OPENFAAS_METRICS };
  if (url !== undefined) {
    return endpointReader(host, { ...options, url: parseUrl(url, 'agent.openfaas.url') });
  }
  if (prometheus === undefined) return undefined;
  return queryReader(host, { ...options, instance, url: parseUrl(prometheus, 'agent.openfaas.prometheus') });
}

function authFrom(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const text = readTextIfAny(file);
  if (text?.includes(':')) return text.trim();
  throw new WattloopError(
    ErrorCode.badConfiguration,
    text === undefined
      ? `agent.openwhisk.auth_file: ${file} can't be read`
      : `agent.openwhisk.auth_file: ${file} holds no USER:PASSWORD`,
    { remedy: 'Write what "wsk property get --auth" shows into it' },
  );
}
