import type { PlatformName, WorkerRule } from '../../../model/index.js';
import type { PlatformRules } from '../rules/platform-rules.js';
import { DOCKER } from './docker.js';
import { ILUVATAR } from './iluvatar.js';
import { KNATIVE } from './knative.js';
import { LITHOPS } from './lithops.js';
import { NODE } from './node.js';
import { OPENFAAS } from './openfaas.js';
import { OPENWHISK } from './openwhisk.js';

export const READY_MADE: Readonly<Record<PlatformName, readonly WorkerRule[]>> = {
  openfaas: OPENFAAS,
  openwhisk: OPENWHISK,
  knative: KNATIVE,
  lithops: LITHOPS,
  iluvatar: ILUVATAR,
  docker: DOCKER,
};

/** Platforms whose workers have names that nobody else's have: to know them by their names costs little. */
const RECOGNISABLE: readonly PlatformName[] = ['openfaas', 'openwhisk', 'knative', 'lithops', 'iluvatar'];

/** The rules of the settings, in the order in which they are asked: one's own, those of platforms, those of the node. */
export function rulesFor(
  platforms: readonly (PlatformName | 'auto')[],
  own: readonly WorkerRule[],
): PlatformRules[] {
  const named = platforms.flatMap((name) => (name === 'auto' ? RECOGNISABLE : [name]));
  const ready = [...new Set(named)].map((platform) => ({ platform, rules: READY_MADE[platform] }));
  const all = [...(own.length > 0 ? [{ platform: 'own', rules: own }] : []), ...ready];
  return all.length === 0 ? [] : [...all, { platform: 'node', rules: NODE }];
}
