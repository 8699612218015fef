import type { DeployedFunction } from '../../../model/index.js';
import { NAMESPACE } from '../../functions/openfaas/namespace.js';
import { FamilyWriter, type HistogramSample, type MetricFamily } from '../../metrics/sample.js';
import type { CallCounters } from '../counters/call-counters.js';
import { Histogram, SECONDS_BUCKETS } from '../counters/histogram.js';
import type { Pools } from '../pool/pools.js';

const openfaasName = (name: string): string => `${name}.${NAMESPACE}`;

/** The request path as metrics: Wattloop's own, and those of OpenFaaS' gateway. `since` is when it began to count. */
export function callFamilies(
  counters: CallCounters,
  pools: Pools,
  functions: readonly DeployedFunction[],
  since: number,
): MetricFamily[] {
  return [...ofCalls(counters, since), ...ofReplicas(pools, functions, since)];
}

function ofCalls(counters: CallCounters, since: number): MetricFamily[] {
  const invocations = new FamilyWriter('functionInvocations');
  for (const { function: name, status, isCold, count } of counters.tallies())
    invocations.add(count, since, { function: name, status, start: isCold ? 'cold' : 'warm' });
  const refused = new FamilyWriter('refusedCalls');
  for (const { function: name, reason, count } of counters.refusals())
    refused.add(count, since, { function: name, reason });
  const answers = new FamilyWriter('openfaasInvocations');
  const openfaasSeconds = new FamilyWriter('openfaasSeconds');
  const whole = new Map<string, Histogram>();
  for (const { function: name, code, seconds } of counters.answers()) {
    const labels = { function_name: openfaasName(name), code: String(code) };
    answers.add(seconds.count, since, labels);
    openfaasSeconds.addHistogram(sampleOf(seconds, since, labels));
    const all = whole.get(name) ?? new Histogram();
    all.addAll(seconds);
    whole.set(name, all);
  }
  const seconds = new FamilyWriter('functionSeconds');
  for (const [name, all] of whole) seconds.addHistogram(sampleOf(all, since, { function: name }));
  const started = new FamilyWriter('openfaasStarted');
  for (const [name, count] of counters.startedOf())
    started.add(count, since, { function_name: openfaasName(name) });
  return [invocations, seconds, refused, answers, openfaasSeconds, started];
}

const sampleOf = (seconds: Histogram, since: number, labels: HistogramSample['labels']): HistogramSample => ({
  labels,
  since,
  edges: SECONDS_BUCKETS,
  cumulative: seconds.cumulative(),
  sum: seconds.sum,
  exemplar: (bucket) => seconds.exemplar(bucket),
});

function ofReplicas(pools: Pools, functions: readonly DeployedFunction[], since: number): MetricFamily[] {
  const replicas = new FamilyWriter('functionReplicas');
  const inFlight = new FamilyWriter('functionInFlight');
  const waiting = new FamilyWriter('functionWaiting');
  const openfaas = new FamilyWriter('openfaasReplicas');
  for (const { spec } of functions) {
    const pool = pools.get(spec.name);
    if (pool === undefined) continue;
    const labels = { function: spec.name };
    const ready = pool.availableReplicas;
    replicas.add(ready, since, { ...labels, state: 'ready' });
    replicas.add(pool.replicas - ready, since, { ...labels, state: 'starting' });
    inFlight.add(pool.inFlight, since, labels);
    waiting.add(pool.waiting, since, labels);
    openfaas.add(pool.replicas, since, { function_name: openfaasName(spec.name) });
  }
  return [replicas, inFlight, waiting, openfaas];
}
