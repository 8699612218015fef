import { refusedInput } from '../spec/misdescribed.js';

/** The one namespace that there is, as OpenFaaS calls the one of its functions. */
export const NAMESPACE = 'openfaas-fn';

/** Clients that don't care send none, or an empty one. */
export function checkNamespace(namespace: string | null | undefined): void {
  if (!namespace || namespace === NAMESPACE) return;
  throw refusedInput(
    `there is no namespace ${JSON.stringify(namespace.slice(0, 80))}`,
    `Leave it out, or name "${NAMESPACE}"`,
  );
}
