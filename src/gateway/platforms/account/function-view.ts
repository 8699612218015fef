import type { NodeSnapshot, PrincipalShare } from '../../../meter/index.js';
import type { Principal } from '../../../model/index.js';
import { CONTROL_PLANE, functionPrincipal, REST } from '../../account/observe/principals.js';
import type { Recognition } from '../rules/recognition.js';

type Recognise = (principal: Principal) => Recognition | undefined;

/** Whom a share counts for in the functions' account. */
function ownerOf(principal: Principal, recognise: Recognise): Principal {
  if (principal.kind === 'wattloop') return principal;
  const recognition = recognise(principal);
  if (recognition?.role === 'control-plane') return CONTROL_PLANE;
  return recognition?.function === undefined ? REST : functionPrincipal(recognition.function);
}

/**
 * The machine's account by functions: what their workers used, what the platform's own parts did, and all the rest. The
 * rest has also what processors did that no group's figures show.
 */
export function functionView(snapshot: NodeSnapshot, recognise: Recognise): NodeSnapshot {
  const cpus = new Map<string, { readonly principal: Principal; cpus: number }>();
  let told = 0;
  for (const share of snapshot.shares) {
    // What is gone used nothing in this tick, and is here no more.
    if (share.isGone) continue;
    const principal = ownerOf(share.principal, recognise);
    const sum = cpus.get(principal.key) ?? { principal, cpus: 0 };
    sum.cpus += share.cpus;
    told += share.cpus;
    cpus.set(principal.key, sum);
  }
  const untold = Math.max(0, (snapshot.busyCpus ?? told) - told);
  if (untold > 0) {
    const rest = cpus.get(REST.key) ?? { principal: REST, cpus: 0 };
    cpus.set(REST.key, { principal: REST, cpus: rest.cpus + untold });
  }
  const shares = [...cpus.values()].map(
    (sum): PrincipalShare => ({ ...UNSAID, ...sum, since: snapshot.since }),
  );
  return { ...snapshot, shares };
}

/** What a view of processors says nothing of. */
const UNSAID = {
  isGone: false,
  watts: undefined,
  joulesTotal: undefined,
  idleJoulesTotal: undefined,
  cpuSecondsTotal: 0,
} as const;
